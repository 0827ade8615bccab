"""Closing a case without a decision: by us with a reason, or by its customer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import languages
from jewelrymodel.kernel.actors import CUSTOMER, Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.support.models import Case, SilentClosing
from jewelrymodel.support.operations.case_decisions import refuse_who_declined
from jewelrymodel.support.operations.case_states import mark_closed
from jewelrymodel.support.operations.timeline import add_entry, note_act, require_text, undecided
from jewelrymodel.support.statuses import EntryKind


def close(*, case_id: str, reason: str, user_id: int, now: datetime, tell: bool = True) -> Case:
    """Return the case, closed with a reason that its customer reads; a message opens it again.

    Raises EmptyMessage, CaseOver where it is decided or closed already, and SamePerson where they
    declined it before: closing its appeal would decline it again.

    Without *tell* only colleagues read it: for spam, and for what was never a customer's.
    """
    require_text(reason)
    with transaction.atomic():
        case, author = undecided(case_id), Actor.user(user_id)
        refuse_who_declined(case, str(author))
        mark_closed(case, now, is_answer=True)
        if tell:
            text = _closing_text(case, reason)
            add_entry(case, EntryKind.MESSAGE_OUT, text, author=author, mail=True, now=now)
        else:
            add_entry(case, EntryKind.EVENT, reason, author=author, internal=True, now=now)
            SilentClosing.objects.create(
                case=case,
                batch=new_id("close", now=now),
                closed_by=str(author),
                closed_at=now,
                reason=reason,
            )
        note_act(case, "case.closed", user_id, reason, now)
    return case


def withdraw(*, account_id: str, case_id: str, now: datetime) -> Case:
    """Return the case, closed because its customer needs it no longer; a message opens it again.

    Raises Case.DoesNotExist, and CaseOver where it is decided or closed already.
    """
    with transaction.atomic():
        Case.objects.get(account_id=account_id, pk=case_id)
        case = undecided(case_id)
        mark_closed(case, now, is_answer=False)
        with languages.speaking(accounts.language_of(account_id=account_id)):
            text = _("The customer no longer needs help with this.")
        add_entry(case, EntryKind.EVENT, text, author=CUSTOMER, now=now)
    return case


def _closing_text(case: Case, reason: str) -> str:
    with languages.speaking(accounts.language_of(account_id=case.account_id or "")):
        closed = _("We’re closing this request: %(reason)s") % {"reason": reason}
        invitation = _("If you disagree, reply to this message.")
    return f"{closed}\n\n{invitation}"
