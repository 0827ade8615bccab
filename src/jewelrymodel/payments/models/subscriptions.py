"""Subscriptions: what renews, until when it is paid for, and whether it was canceled."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.statuses import OpenInvoiceStatus, SubscriptionState

AT_PROCESSOR = Actor.system("processor")
"""Who canceled or resumed what was changed at the processor: nobody here knows more."""

WITHDRAWN = Actor.system("withdrawal")
"""Who canceled a plan whose subscriber withdrew from its contract: the law does."""


class Subscription(models.Model):
    """A plan that renews until it is canceled (clauses 3.1, 3.2).

    ``cancel_requested_at`` is our state and counts at once, ``resumed_at`` when it was last undone
    here, ``renewal_changed_by`` who changed it last; ``processor_renews`` is what the processor was
    last told or said, and ``renewal_version`` grows with each of these, so that a look that began
    before is known to be old; ``told_cancel_at`` is the cancellation, or the end that nobody asked
    for, that the customer's last mail was about; none while it renews. ``told_unrenewed_at`` is the
    end of the paid period after which they were told that nobody collects the next one.
    ``card_checked_for_at`` is the end of the period before which its card was looked at.
    ``open_invoice_status`` is how far the processor's invoice for the next period got that it goes
    on to collect; empty where there is none. Each paid period is an Order.

    ``next_version`` is the plan that it renews as where that is to be another one, and
    ``processor_version`` what the processor was last told to renew it as; none before the first
    change.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    product_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT)
    processor_subscription_id = models.CharField(max_length=255, unique=True)
    processor_customer_id = models.CharField(max_length=255, blank=True, db_index=True)
    state = models.CharField(max_length=16, choices=SubscriptionState)
    started_at = models.DateTimeField()
    period_starts_at = models.DateTimeField()
    period_ends_at = models.DateTimeField()
    cancel_requested_at = models.DateTimeField(null=True)
    told_cancel_at = models.DateTimeField(null=True)
    told_unrenewed_at = models.DateTimeField(null=True)
    card_checked_for_at = models.DateTimeField(null=True)
    processor_renews = models.BooleanField(default=True)
    renewal_changed_by = models.CharField(max_length=80, blank=True)
    resumed_at = models.DateTimeField(null=True)
    renewal_version = models.PositiveIntegerField(default=0)
    past_due_since_at = models.DateTimeField(null=True)
    open_invoice_id = models.CharField(max_length=255, blank=True, default="", db_default="")
    open_invoice_status = models.CharField(
        max_length=16, choices=OpenInvoiceStatus, blank=True, default="", db_default=""
    )
    next_version = models.ForeignKey(
        ProductVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    processor_version = models.ForeignKey(
        ProductVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField()

    class Meta:
        db_table = "payments_subscription"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(period_ends_at__gt=F("period_starts_at")),
                name="payments_subscription_period_runs",
            ),
            models.CheckConstraint(
                condition=Q(state=SubscriptionState.CANCELED, ended_at__isnull=False)
                | ~Q(state=SubscriptionState.CANCELED) & Q(ended_at__isnull=True),
                name="payments_subscription_ended_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SubscriptionState.values), name="payments_subscription_state"
            ),
            models.CheckConstraint(
                condition=Q(open_invoice_id="", open_invoice_status="")
                | Q(open_invoice_status__in=OpenInvoiceStatus.values) & ~Q(open_invoice_id=""),
                name="payments_subscription_open_invoice",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-started_at"], name="payments_subscription_account"),
            models.Index(
                fields=["next_look_at"],
                name="payments_subscription_live",
                condition=~Q(state=SubscriptionState.CANCELED),
            ),
            models.Index(
                fields=["period_ends_at"],
                name="payments_subscription_renewing",
                condition=Q(state=SubscriptionState.ACTIVE, cancel_requested_at__isnull=True),
            ),
        ]

    @property
    def is_live(self) -> bool:
        """Whether it still gives access, or may again."""
        return self.state != SubscriptionState.CANCELED

    @property
    def renews(self) -> bool:
        """Whether another period will be charged: the customer's word, not the processor's."""
        return self.is_live and self.cancel_requested_at is None

    @property
    def renews_as(self) -> ProductVersion:
        """The plan whose price the next renewal costs."""
        return self.next_version or self.product_version

    @property
    def is_told_plan(self) -> bool:
        """Whether the processor knows which plan it renews as."""
        return (self.processor_version_id or self.product_version_id) == self.renews_as_id

    @property
    def renews_as_id(self) -> str:
        """The id of that plan."""
        return self.next_version_id or self.product_version_id

    @property
    def is_payable(self) -> bool:
        """Whether its customer can pay or confirm a renewal that the processor couldn't collect."""
        return (
            self.renews and self.state == SubscriptionState.PAST_DUE and bool(self.open_invoice_id)
        )

    @property
    def is_tried_again(self) -> bool:
        """Whether the processor goes on to collect a renewal that was declined."""
        tried = set(OpenInvoiceStatus.values) - {OpenInvoiceStatus.UNCOLLECTED}
        return self.state == SubscriptionState.PAST_DUE and self.open_invoice_status in tried

    @property
    def was_changed_at_processor(self) -> bool:
        """Whether the cancellation that stands, or its end, was made at the processor, not here."""
        return self.renewal_changed_by == str(AT_PROCESSOR)

    @property
    def was_withdrawn(self) -> bool:
        """Whether it was canceled because its subscriber withdrew from the contract."""
        return self.cancel_requested_at is not None and self.renewal_changed_by == str(WITHDRAWN)

    def over_at(self, now: datetime) -> datetime | None:
        """Return when it was over, also before the processor has said so; None while it isn't.

        A paid period that was canceled keeps what it brought to its end (clause 3.5), also where
        the processor ended the subscription before that.
        """
        if self.cancel_requested_at is not None:
            return self.period_ends_at if now >= self.period_ends_at else None
        return self.ended_at
