"""Reads about withdrawals from contracts."""

from datetime import datetime

from jewelrymodel.payments.models import Order, Receipt
from jewelrymodel.support.models import Case, Withdrawal
from jewelrymodel.support.rules.record_references import references_in
from jewelrymodel.support.statuses import WithdrawalState


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

    Empty where none is, or where what they wrote names several.
    """
    named = references_in(contract)
    orders = Order.objects.filter(account_id=account_id)
    found = set(orders.filter(pk=contract.strip()).values_list("pk", flat=True))
    if named.order is not None:
        found |= set(orders.filter(number=named.order).values_list("pk", flat=True))
    receipts = Receipt.objects.filter(account_id=account_id, number__in=named.receipts)
    found |= set(receipts.values_list("order_id", flat=True))
    return found.pop() if len(found) == 1 else ""


def stated_before(case: Case) -> list[datetime]:
    """Return when the address of a case withdrew from the order that it is about, also in
    statements that were never confirmed: whoever proves the address now proves these.
    """
    rows = Withdrawal.objects.filter(email__iexact=case.email)
    named = {one.contract: one.stated_at for one in rows.order_by("-stated_at")}
    account_id = case.account_id or ""
    by_name = [
        stated_at
        for contract, stated_at in named.items()
        if order_of_contract(account_id=account_id, contract=contract) == case.subject_id
    ]
    own = rows.filter(case=case, order_id=case.subject_id)  # also where it names no contract
    return by_name + list(own.values_list("stated_at", flat=True))


def withdrawals_waiting(*, before: datetime) -> list[str]:
    """Return the cases of withdrawals that were stated before then and are to be carried out."""
    rows = Withdrawal.objects.filter(stated_at__lt=before)
    stated = rows.filter(state=WithdrawalState.STATED)
    confirmed = rows.filter(state=WithdrawalState.UNCONFIRMED, case__identity_level__gt=1)
    return list((stated | confirmed).order_by("stated_at").values_list("case_id", flat=True))
