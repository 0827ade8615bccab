"""Reads about withdrawals from contracts."""

from datetime import datetime

from django.db.models import Q

from jewelrymodel.ledger import queries as books
from jewelrymodel.ledger.movement_kinds import CauseKind
from jewelrymodel.payments.models import Order, Receipt
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.remedies.models import RemedyRow
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support.models import Case, Withdrawal
from jewelrymodel.support.rules.email_references import order_numbers
from jewelrymodel.support.rules.record_references import references_in
from jewelrymodel.support.statuses import WithdrawalState

NOT_MEANT = "not_meant"
"""The obstacle of a statement of which its sender says that they don't mean to withdraw."""


def withdrawal_of(*, order_id: str) -> Withdrawal | None:
    """Return the withdrawal from an order, with its case; None where there is none."""
    rows = Withdrawal.objects.select_related("case")
    return rows.filter(order_id=order_id).first()


def is_read_from_email(case: Case) -> bool:
    """Return whether an email of the case was read to withdraw, and nobody confirmed it yet."""
    rows = Withdrawal.objects.filter(case=case, state=WithdrawalState.UNCONFIRMED)
    return rows.filter(name="").exists()


def order_of_contract(*, account_id: str, contract: str) -> str:
    """Return the account's order that somebody named: by its number, its id or its receipt's.

    Empty where none is, or where what they wrote names several; a number that is none of the
    account's names another one.
    """
    orders = Order.objects.filter(account_id=account_id)
    by_id = orders.filter(pk=contract.strip()).first()
    if by_id is not None:
        return by_id.pk
    receipts = Receipt.objects.filter(account_id=account_id)
    named = [
        orders.filter(number=one).values_list("pk", flat=True).first()
        for one in order_numbers(contract)
    ] + [
        receipts.filter(number=one).values_list("order_id", flat=True).first()
        for one in references_in(contract).receipts
    ]
    return (named[0] or "") if len(set(named)) == 1 else ""


def names_several(contract: str) -> bool:
    """Return whether what somebody wrote names more than one order or receipt."""
    return len(order_numbers(contract)) + len(references_in(contract).receipts) > 1


def contract_meant(case: Case) -> str:
    """Return the contract that confirming a case withdraws from, as it is called to its sender:
    what they named, else the order that their request is about; empty where neither says.
    """
    named = Withdrawal.objects.filter(case=case).values_list("contract", flat=True).first()
    if named or case.subject_kind != SubjectKind.ORDER:
        return named or ""
    order = Order.objects.filter(pk=case.subject_id, buyer_email__iexact=case.email).first()
    return order.label if order else ""


def has_withdrawn_lately(*, account_id: str, since: datetime) -> bool:
    """Return whether the account has stated a withdrawal since then, whatever became of it."""
    rows = Withdrawal.objects.filter(
        Q(order__account_id=account_id) | Q(case__account_id=account_id), stated_at__gt=since
    )
    stated = rows.exclude(state=WithdrawalState.UNCONFIRMED).exclude(obstacle=NOT_MEANT)
    return bool(account_id) and stated.exists()


def stated_before(case: Case) -> list[datetime]:
    """Return when the address of a case withdrew from the order that it is about, also in
    statements that were never confirmed: whoever proves the address now proves these. Not in those
    of which they said that they don't mean it.
    """
    rows = Withdrawal.objects.filter(email__iexact=case.email).exclude(obstacle=NOT_MEANT)
    named = {one.contract: one.stated_at for one in rows.order_by("-stated_at")}
    account_id = case.account_id or ""
    by_name = [
        stated_at
        for contract, stated_at in named.items()
        if order_of_contract(account_id=account_id, contract=contract) == case.subject_id
    ]
    own = rows.filter(case=case, order_id=case.subject_id)  # also where it names no contract
    return by_name + list(own.values_list("stated_at", flat=True))


def suspending_withdrawals() -> list[str]:
    """Return the withdrawals that still suspend credits of their order."""
    return books.suspended_for(CauseKind.WITHDRAWAL)


def is_settled_by_person(row: Withdrawal) -> bool:
    """Return whether a person has ended the request of a withdrawal that was left to them, and no
    remedy that they decided is still to begin.
    """
    if row.state != WithdrawalState.PERSON:
        return False
    case = Case.objects.select_related("merged_into").get(pk=row.case_id)
    answered = case.merged_into or case
    further = answered.further_grounds.values_list("decision_id", flat=True)
    decided = [one for one in (answered.decision_id, *further) if one]
    waiting = RemedyRow.objects.filter(
        decision__in=decided, state__in=(RemedyState.PENDING_APPROVAL, RemedyState.PLANNED)
    )
    return not answered.is_open and not waiting.exists()


def withdrawals_waiting(*, before: datetime) -> list[str]:
    """Return the cases of withdrawals that were stated before then and are to be carried out."""
    rows = Withdrawal.objects.filter(stated_at__lt=before)
    stated = rows.filter(state=WithdrawalState.STATED)
    confirmed = rows.filter(state=WithdrawalState.UNCONFIRMED, case__identity_level__gt=1)
    return list((stated | confirmed).order_by("stated_at").values_list("case_id", flat=True))
