"""What we promise about time: an extension with its reason (7.7), an apology when we are late."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import formats, languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.timeline import (
    add_entry,
    locked,
    note_act,
    require_text,
    undecided,
)
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.statuses import LATE, EntryKind

EXTENSION_DAYS = 30


class BadDeadline(StrEnum):
    """Why a deadline can't be extended to an instant."""

    OUT_OF_RANGE = "out_of_range"
    NOT_A_BUSINESS_DAY = "not_a_business_day"
    PAUSED = "paused"


class InvalidExtension(CodedError):
    """An update can't be promised by then. Nothing was changed."""

    codes = BadDeadline


def extend(*, case_id: str, to: datetime, reason: str, user_id: int, now: datetime) -> Case:
    """Return the case with another deadline: a named reason and a promised update (7.7).

    Raises InvalidExtension, EmptyMessage and CaseOver.
    """
    require_text(reason)
    if not now < to <= now + timedelta(days=EXTENSION_DAYS):
        raise InvalidExtension(BadDeadline.OUT_OF_RANGE, days=EXTENSION_DAYS)
    if not business_days.is_business_day(to.astimezone(business_days.ZONE).date()):
        raise InvalidExtension(BadDeadline.NOT_A_BUSINESS_DAY)
    with transaction.atomic():
        case = undecided(case_id)
        if case.paused_at is not None:  # the answer would move the promise behind our back
            raise InvalidExtension(BadDeadline.PAUSED)
        if (case.due_at, case.extension_reason) == (to, reason):  # a double click: said already
            return case
        case.due_at, case.extension_reason = to, reason
        case.save()
        with languages.speaking(accounts.language_of(account_id=case.account_id or "")):
            text = "\n\n".join(
                (
                    _("We’re sorry, this is taking longer than planned: %(reason)s")
                    % {"reason": reason},
                    _("You’ll hear from us by %(due)s.")
                    % {"due": formats.deadline(to, business_days.ZONE)},
                )
            )
        add_entry(case, EntryKind.MESSAGE_OUT, text, author=Actor.user(user_id), mail=True, now=now)
        note_act(case, "case.extended", user_id, reason, now)
    return case


@transaction.atomic
def notify_late(*, case_id: str, now: datetime) -> bool:
    """Tell a customer once for each deadline that we have missed it; return whether that is new.

    No new date is promised: only a person knows when.
    """
    case = locked(case_id)
    if not queries.late_without_notice(now=now).filter(pk=case_id).exists():
        return False
    with languages.speaking(accounts.language_of(account_id=case.account_id or "")):
        text = _(
            "We’re sorry: we said you would hear from us by %(due)s, and we’re late. Your "
            "request is now at the top of our queue; no action is needed."
        ) % {"due": formats.deadline(case.due_at, business_days.ZONE)}
    add_entry(case, EntryKind.MESSAGE_OUT, text, author=LATE, mail=True, now=now)
    return True
