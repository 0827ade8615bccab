"""Proving that a sender owns their address: a link that only their mailbox ever holds (edge 7)."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.accounts.queries import NoAccount, membership_of
from jewelrymodel.infra import queue
from jewelrymodel.kernel.actors import CUSTOMER, Actor
from jewelrymodel.support.models import Case, Withdrawal
from jewelrymodel.support.operations.case_states import is_nobodys, reopen_closed, start_clock
from jewelrymodel.support.operations.timeline import add_entry
from jewelrymodel.support.statuses import EntryKind

SALT = "support.confirm-sender"
LINK_LIVES_S = 7 * 86_400
WITHDRAWAL_LINK_LIVES_S = 400 * 86_400
"""A withdrawal counts from its statement, however late it is confirmed: longer than the longest
days that the law gives (14 days and twelve months).
"""
CONFIRMATION_REQUEST = Actor.system("confirmation")
"""Who acknowledges what an unproven sender wrote, and asks for the proof; the message gets the link
when it is mailed, and keeps no copy of it.
"""


def confirmation_link(case: Case) -> str:
    """Return the address by which the sender of a mail proves that it was theirs."""
    return f"{settings.PUBLIC_URL}/requests/confirm/{signing.dumps(case.pk, salt=SALT)}"


def case_to_confirm(*, token: str) -> Case:
    """Return the case that a link is for; raises signing.BadSignature for one not ours, or old."""
    case_id = signing.loads(token, salt=SALT, max_age=WITHDRAWAL_LINK_LIVES_S)
    if not Withdrawal.objects.filter(case_id=case_id).exists():
        signing.loads(token, salt=SALT, max_age=LINK_LIVES_S)
    return Case.objects.get(pk=case_id)


def confirm_sender(*, token: str, now: datetime) -> Case:
    """Return the case whose sender followed the link that we mailed them (identity level 2).

    Its account is the one with that address, where there is one; its clock starts, also where we
    had closed it without a word to them. Following it again changes nothing. Raises
    signing.BadSignature.
    """
    named_case = case_to_confirm(token=token)
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=named_case.pk)
        if case.identity_level < 2:
            if is_nobodys(case) or case.silent_closings.filter(reopened_at=None).exists():
                reopen_closed(case, now)  # it was put away as nobody's: here they are
            start_clock(case, now)
            case.identity_level, case.account = 2, _account_of(case.email)
            case.save()
            event = "The sender confirmed their address by the link we emailed."
            add_entry(case, EntryKind.EVENT, event, author=CUSTOMER, internal=True, now=now)
            if Withdrawal.objects.filter(case=case).exists():
                queue.defer("support.carry_out_withdrawal", case_id=case.pk)
    return case


def _account_of(email: str) -> Account | None:
    user = User.objects.filter(email=email.lower()).first()
    try:
        return membership_of(user_id=user.pk).account if user else None
    except NoAccount:
        return None
