"""Withdrawals from a contract: what a consumer stated, and what became of it; triggers keep it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.payments.models import Order
from jewelrymodel.support.models.cases import Case
from jewelrymodel.support.statuses import WithdrawalState

_SETTLED = (WithdrawalState.DECIDED, WithdrawalState.PERSON)
_NAMED = (WithdrawalState.STATED, WithdrawalState.DECIDED)


class Withdrawal(models.Model):
    """One statement by which a consumer withdraws from the contract of an order; one an order.

    ``contract`` is the order as they named it, ``order`` the one that it is: none while nobody
    proved who stated it. An email may name no contract, and it has no ``name``. ``obstacle`` is the
    code of why no machine carried it out.
    """

    id = models.CharField(primary_key=True, max_length=32)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="withdrawal")
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, related_name="withdrawal"
    )
    contract = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254)
    statement = models.TextField()
    stated_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=WithdrawalState)
    obstacle = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "support_withdrawal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=WithdrawalState.values), name="support_withdrawal_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_NAMED) | Q(order__isnull=False),
                name="support_withdrawal_names_its_order",
            ),
            models.CheckConstraint(
                condition=Q(state=WithdrawalState.PERSON) & ~Q(obstacle="")
                | ~Q(state=WithdrawalState.PERSON) & Q(obstacle=""),
                name="support_withdrawal_obstacle",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_SETTLED, settled_at__isnull=False)
                | ~Q(state__in=_SETTLED) & Q(settled_at__isnull=True),
                name="support_withdrawal_settled_is_dated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["stated_at"],
                condition=~Q(state__in=_SETTLED),
                name="support_withdrawal_waiting",
            ),
        ]
