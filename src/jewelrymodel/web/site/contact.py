"""Writing to us without an account: what is sent becomes a request, as an email does."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jewelrymodel.accounts.models import User
from jewelrymodel.catalog import legal_texts
from jewelrymodel.catalog.documents import Document
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.support import operations
from jewelrymodel.web.fields import WordsField

LONGEST = 20_000
_DAY_S = 86_400
PER_ADDRESS, PER_CALLER = 3, 10
"""Messages of one address and from one network address a day: each is answered by an email."""


class ContactForm(forms.Form):
    """Who writes, and what."""

    email = forms.EmailField(label=gettext_lazy("Your email address"), max_length=254)
    message = WordsField(
        label=gettext_lazy("Message"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8})
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show the form and our address; on POST open a request and lead back here."""
    if request.method != "POST":
        known = request.user.email if isinstance(request.user, User) else ""
        return _page(request, ContactForm(initial={"email": known}))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email = form.cleaned_data["email"].lower()
    try:
        _count(f"contact:{email}", PER_ADDRESS)
        _count(f"contact-from:{request.META.get('REMOTE_ADDR', '')}", PER_CALLER)
    except rate_limiter.TooOften:
        words = _("You’ve written to us several times today. Please send us an email instead.")
        form.add_error(None, words)
        return _page(request, form, status=429)
    operations.open_contact(email=email, text=form.cleaned_data["message"], now=clock.now())
    words = _("Thank you, we’ve got it. For your first message today we’ve emailed a confirmation.")
    messages.success(request, words)
    return redirect("contact")


def _count(key: str, limit: int) -> None:
    rate_limiter.count_or_refuse(key, limit=limit, window_s=_DAY_S, now=clock.now())


def _page(request: HttpRequest, form: ContactForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "text": legal_texts.in_force(Document.CONTACT, clock.now()),
    }
    return render(request, "site/contact.html", context, status=status)
