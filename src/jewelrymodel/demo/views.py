"""The demo's own pages: be somebody else, move time on, read the emails. Loopback only."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from jewelrymodel.accounts.models import User
from jewelrymodel.demo import time_travel
from jewelrymodel.demo.personas import PERSONAS
from jewelrymodel.demo.stand_ins import StandInFailed
from jewelrymodel.infra import clock, formats
from jewelrymodel.infra.mail import read
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.web.form_addresses import form_of

_NEWEST = 100
_MAIL_POLICY = (
    "sandbox allow-top-navigation-by-user-activation allow-popups; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


def index(request: HttpRequest) -> HttpResponse:
    """Show who one can be and what else the demo has."""
    mails = MailMessage.objects.count()
    context = {"mails": mails, "sandbox_port": settings.SANDBOX_PORT, "now": clock.now()}
    return render(request, "demo/index.html", context)


@form_of("demo")
def become(request: HttpRequest) -> HttpResponse:
    """Sign in as the persona with this address, without a password: the demo's people are ours."""
    chosen = [one for one in PERSONAS if one.email == request.POST.get("persona")]
    if not chosen:
        raise Http404
    user = get_object_or_404(User, email=chosen[0].email)
    logout(request)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(chosen[0].start)


@form_of("demo")
def time(request: HttpRequest) -> HttpResponse:
    """Move the demo's time on."""
    try:
        now = time_travel.move_on(request.POST.get("step", ""))
    except KeyError:
        raise Http404 from None
    except StandInFailed as problem:
        messages.error(
            request,
            _("The simulated payment processor didn’t follow: %(why)s. Please advance time again.")
            % {"why": problem},
        )
    else:
        notice = _("The demo time is now %(now)s. Anything due happens within two minutes.")
        messages.success(request, notice % {"now": formats.moment(now)})
    return redirect("demo")


def outbox(request: HttpRequest) -> HttpResponse:
    """List the newest emails."""
    mails = MailMessage.objects.defer("raw").order_by("-received_at", "-id")[:_NEWEST]
    return render(request, "demo/outbox.html", {"mails": mails})


def message(request: HttpRequest, message_id: str) -> HttpResponse:
    """Show one email as its reader sees it."""
    mail = get_object_or_404(MailMessage, pk=message_id)
    return render(request, "demo/message.html", {"mail": mail, "content": read(bytes(mail.raw))})


@xframe_options_sameorigin
def message_html(request: HttpRequest, message_id: str) -> HttpResponse:
    """Return the mail's HTML alone, where it can run nothing and load nothing."""
    mail = get_object_or_404(MailMessage, pk=message_id)
    content = read(bytes(mail.raw))
    if not content.html:
        raise Http404
    return HttpResponse(content.html, headers={"Content-Security-Policy": _MAIL_POLICY})
