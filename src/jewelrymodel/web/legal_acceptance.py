"""Which legal texts a form showed to who sent it, and that they accepted them by sending it."""

from django.http import HttpRequest

from jewelrymodel.accounts.models import User
from jewelrymodel.catalog import operations
from jewelrymodel.infra import clock

SHOWN = "text_shown"
"""The name of the form's hidden fields: one for each text, with its hash."""


def note_acceptance(request: HttpRequest, user: User) -> None:
    """Note what *user* accepted by this form; nothing where it showed nothing."""
    shown = request.POST.getlist(SHOWN)
    if shown:
        operations.accept_texts(user_id=user.pk, shown=shown, now=clock.now())
