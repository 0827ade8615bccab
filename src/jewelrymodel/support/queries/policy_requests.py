"""What the policy may know of a case, or of an order that nobody has written about."""

from datetime import datetime

from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.queries.cases import open_about
from jewelrymodel.support.queries.merged_cases import merged_into
from jewelrymodel.support.queries.withdrawals import stated_before
from jewelrymodel.support.statuses import Channel

OURS = 3
"""How well a sender is known who is we ourselves."""


def request_facts(case: Case) -> RequestFacts | None:
    """Return what the policy may know of a case; None while its account isn't proven.

    It was asked for when the first was opened of the case and those that were merged into it; a
    withdrawal from an order when the same address first stated it.
    """
    if case.account_id is None:
        return None
    asked_at = [one.opened_at for one in (case, *merged_into(case))]
    if case.category == Category.WITHDRAWAL and case.subject_kind == SubjectKind.ORDER:
        asked_at += stated_before(case)
    kind = SubjectKind(case.subject_kind) if case.subject_id else SubjectKind.ACCOUNT
    return RequestFacts(
        account_id=case.account_id,
        category=case.category,
        subject=Subject(kind, case.subject_id or case.account_id),
        requested_at=min(asked_at),
        identity_level=case.identity_level,
        verified_records=tuple(case.verified_records),
    )


def order_subject(order: Order) -> Subject:
    """Return an order as what a case is about."""
    return Subject(SubjectKind.ORDER, order.pk)


def order_request(order: Order, *, now: datetime) -> RequestFacts:
    """Return what the policy may know of an order that nobody has written about.

    The same as of the case that we open ourselves, so that what was looked at before it was opened
    still stands.
    """
    for case in open_about(account_id=order.account_id, subject=order_subject(order)):
        facts = request_facts(case)
        if facts is not None and case.channel != Channel.MACHINE:
            return facts
    return RequestFacts(
        account_id=order.account_id,
        category=Category.UNDELIVERED,
        subject=order_subject(order),
        requested_at=now,
        identity_level=OURS,
    )
