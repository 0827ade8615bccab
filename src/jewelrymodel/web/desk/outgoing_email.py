"""Email in and out as an operator sees it: the servers, the last one each way, and a test."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock, email_queue, mail, mail_intake, outgoing_mail_state
from jewelrymodel.kernel.one_line import one_line
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.form_addresses import form_of

_KEPT_S = 86_400


@dataclass(frozen=True)
class SentTest:
    """The last test that somebody sent to themselves: when, and what became of it."""

    asked_at: datetime
    is_waiting: bool
    refusal: str


@require_safe
@for_staff(Act.SERVICE)
def index(request: StaffRequest) -> HttpResponse:
    """Show how email goes out and comes in, by what was noted; no server is asked."""
    account, machine_now = settings.MAIL_IN_MAILBOX, clock.real_now()
    context = {
        "server": outgoing_mail_state.server(),
        "is_encrypted": settings.EMAIL_USE_TLS,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "out": outgoing_mail_state.state(),
        "waiting": email_queue.waiting(),
        "waiting_since": email_queue.waiting_since(),
        "is_late": email_queue.is_late(machine_now=machine_now),
        "mailbox": account and account.name,
        "mailbox_read_at": account and mail_intake.read_at(account),
        "mailbox_alarm": account and mail_intake.alarm(account, machine_now),
        "listener": settings.MAIL_IN_LISTENER,
        "is_demo": settings.DEMO,
        "support": settings.SUPPORT_EMAIL,
        "last_in_at": mail.last_to(settings.SUPPORT_EMAIL),
        "email": request.user.email,
        "test": _last_test(request.user.pk),
    }
    return render(request, "desk/outgoing_email.html", context)


@for_staff(Act.SERVICE)
@form_of("desk_email")
def send_test(request: StaffRequest) -> HttpResponse:
    """Queue an email to whoever asks, as every other email is; the page says what becomes of it."""
    machine_now = clock.real_now()
    sent = email_queue.send_later(
        to=request.user.email,
        subject=one_line(_("Test email from %(brand)s") % {"brand": settings.BRAND}),
        text=_("This is the test that you asked for at the desk. Outgoing email works."),
        machine_now=machine_now,
    )
    cache.set(_key(request.user.pk), (sent.pk, machine_now), timeout=_KEPT_S)
    return redirect("desk_email")


def _last_test(user_id: int) -> SentTest | None:
    kept = cache.get(_key(user_id))
    if kept is None:
        return None
    email_id, asked_at = kept
    return SentTest(
        asked_at=asked_at,
        is_waiting=email_queue.is_waiting(email_id=email_id),
        refusal=outgoing_mail_state.refusal(email_id=email_id),
    )


def _key(user_id: int) -> str:
    return f"desk:test-email:{user_id}"
