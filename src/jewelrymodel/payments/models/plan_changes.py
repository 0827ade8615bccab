"""Changes of plan: another plan from now on, or with the next renewal."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jewelrymodel.catalog.models import ProductVersion, TermsEdition
from jewelrymodel.payments.models.orders import Order
from jewelrymodel.payments.models.subscriptions import Subscription
from jewelrymodel.payments.statuses import OPEN_CHANGES, ChangeTiming, PlanChangeState

_AGREED = ("prorated_at", "amount_minor", "tax_minor", "credits", "terms_edition")


class PlanChange(models.Model):
    """Another plan for a subscription, as its customer agreed to it; only its progress moves.

    One that counts now is paid before anything changes: ``prorated_at`` is the instant from which
    the processor charges the difference, *amount_minor* (its tax included) what that is in the
    plans' currency, and *credits* what comes with it. One with the next renewal costs nothing
    before. *order* is what paid it, or the renewal that it took effect with. ``told_state`` is what
    its customer's last mail said.
    """

    id = models.CharField(primary_key=True, max_length=32)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="changes", db_index=False
    )
    from_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="+")
    timing = models.CharField(max_length=10, choices=ChangeTiming)
    state = models.CharField(max_length=12, choices=PlanChangeState)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    prorated_at = models.DateTimeField(null=True)
    amount_minor = models.PositiveIntegerField(null=True)
    tax_minor = models.PositiveIntegerField(null=True)
    credits = models.PositiveIntegerField(null=True)
    terms_edition = models.ForeignKey(TermsEdition, on_delete=models.PROTECT, null=True)
    disclosures = models.JSONField(default=list)
    consents = models.JSONField(default=list)
    invoice_id = models.CharField(max_length=255, blank=True)
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, related_name="plan_change"
    )
    closed_at = models.DateTimeField(null=True)
    told_state = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = "payments_plan_change"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(state__in=OPEN_CHANGES),
                name="payments_plan_change_one_open",
            ),
            models.UniqueConstraint(
                fields=["subscription", "prorated_at"], name="payments_plan_change_prorated_once"
            ),
            models.CheckConstraint(
                condition=~Q(from_version=F("to_version")), name="payments_plan_change_differs"
            ),
            models.CheckConstraint(
                condition=Q(
                    timing=ChangeTiming.NOW,
                    amount_minor__gt=0,
                    amount_minor__gte=F("tax_minor"),
                    credits__gt=0,
                    **{f"{name}__isnull": False for name in _AGREED},
                )
                | Q(timing=ChangeTiming.RENEWAL, **{f"{name}__isnull": True for name in _AGREED}),
                name="payments_plan_change_agreed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PlanChangeState.values)
                & (~Q(state=PlanChangeState.MADE) | Q(order__isnull=False))
                & (
                    Q(state__in=OPEN_CHANGES, closed_at__isnull=True)
                    | ~Q(state__in=OPEN_CHANGES) & Q(closed_at__isnull=False)
                ),
                name="payments_plan_change_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subscription", "requested_at"], name="payments_plan_change_of")
        ]

    @property
    def order_key(self) -> str:
        """The id of the order that pays it, known before there is one: a promise names it."""
        return f"ord_{self.pk.partition('_')[2]}"

    @property
    def is_now(self) -> bool:
        """Whether it counts at once, as soon as it is paid."""
        return self.timing == ChangeTiming.NOW

    @property
    def is_payable(self) -> bool:
        """Whether its payment waits for its customer."""
        return self.state == PlanChangeState.PAYMENT_DUE
