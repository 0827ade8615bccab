"""Orders, their numbers and their receipts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.catalog.expiry_text import expiry_words
from jewelrymodel.catalog.models import ProductVersion, TermsEdition
from jewelrymodel.payments.models.subscriptions import Subscription
from jewelrymodel.payments.number_series import Series, order_label
from jewelrymodel.payments.payment_methods import CARD, method_words
from jewelrymodel.payments.statuses import (
    UNSETTLED_STATES,
    HoldReason,
    OrderState,
    TaxBehavior,
)
from jewelrymodel.payments.tax_lines import TaxLine


class Counter(models.Model):
    """The last number given in a series. Taken in the transaction that uses it: no gaps."""

    series = models.CharField(primary_key=True, max_length=10, choices=Series)
    last = models.PositiveBigIntegerField()

    class Meta:
        db_table = "payments_counter"


class Order(models.Model):
    """One purchase: what was offered, shown and agreed to, and how far it got.

    What was accepted never changes (the database refuses); only the progress columns do. The total
    is what the shop asked for: with a ``tax_behavior`` the processor was asked to tax it, and what
    is exclusive is added there (``ChargeTax``). What the
    payment began at the processor is kept as soon as it is seen, also where the order is held.

    One that paid the difference to another plan names in ``changed_from`` the plan before, and in
    ``change_credits`` what comes with it; its period begins when the plan changed.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    number = models.PositiveBigIntegerField(unique=True)
    idempotency_key = models.CharField(max_length=64)
    product_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT)
    terms_edition = models.ForeignKey(TermsEdition, on_delete=models.PROTECT)
    terms_sha256 = models.CharField(max_length=64)
    disclosures = models.JSONField()
    consents = models.JSONField()
    changed_from = models.ForeignKey(
        ProductVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    change_credits = models.PositiveIntegerField(null=True)
    subtotal_minor = models.PositiveIntegerField()
    tax_minor = models.PositiveIntegerField()
    total_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    tax_behavior = models.CharField(
        max_length=9, choices=TaxBehavior, blank=True, default="", db_default=""
    )
    country = models.CharField(max_length=2)
    buyer_capacity = models.CharField(max_length=10, choices=BuyerCapacity)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    buyer_email = models.EmailField(max_length=254)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)
    device_id = models.CharField(max_length=64, blank=True)
    return_origin = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    payable_until_at = models.DateTimeField()

    state = models.CharField(max_length=16, choices=OrderState, default=OrderState.DRAFT)
    session_id = models.CharField(max_length=255, null=True, unique=True)
    session_url = models.URLField(max_length=2000, blank=True)
    decline = models.TextField(blank=True)
    held_code = models.CharField(max_length=32, choices=HoldReason, blank=True, db_default="")
    held_detail = models.JSONField(default=dict, db_default={})
    next_look_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    next_confirm_at = models.DateTimeField(null=True)

    processor_subscription_id = models.CharField(max_length=255, blank=True, db_index=True)
    processor_customer_id = models.CharField(max_length=255, blank=True, db_index=True)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, null=True, related_name="orders"
    )
    period_starts_at = models.DateTimeField(null=True)
    period_ends_at = models.DateTimeField(null=True)
    invoice_id = models.CharField(max_length=255, null=True, unique=True)

    class Meta:
        db_table = "payments_order"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "idempotency_key"], name="payments_order_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OrderState.values), name="payments_order_state"
            ),
            models.CheckConstraint(
                condition=Q(held_code__in=HoldReason.values)
                | Q(held_code="") & ~Q(state=OrderState.REQUIRES_REVIEW),
                name="payments_order_held_code",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("subtotal_minor") + F("tax_minor")),
                name="payments_order_total",
            ),
            models.CheckConstraint(
                condition=Q(tax_behavior__in=("", *TaxBehavior.values)),
                name="payments_order_tax_behavior",
            ),
            models.CheckConstraint(
                condition=Q(buyer_capacity__in=BuyerCapacity.values),
                name="payments_order_buyer_capacity",
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="payments_order_country"
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.DELIVERED, paid_at__isnull=False)
                & Q(delivered_at__isnull=False)
                | ~Q(state=OrderState.DELIVERED) & Q(delivered_at__isnull=True),
                name="payments_order_delivered_is_paid",
            ),
            models.CheckConstraint(
                condition=Q(
                    subscription__isnull=False,
                    period_ends_at__gt=F("period_starts_at"),
                    invoice_id__isnull=False,
                )
                | Q(
                    subscription__isnull=True,
                    period_starts_at__isnull=True,
                    period_ends_at__isnull=True,
                    invoice_id__isnull=True,
                ),
                name="payments_order_period_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(changed_from__isnull=True, change_credits__isnull=True)
                | Q(
                    changed_from__isnull=False,
                    change_credits__gt=0,
                    subscription__isnull=False,
                ),
                name="payments_order_change_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="payments_order_of_account"),
            models.Index(
                fields=["next_look_at"],
                name="payments_order_open",
                condition=Q(state__in=(*UNSETTLED_STATES, OrderState.REQUIRES_REVIEW)),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as people read it."""
        return order_label(self.number)

    @property
    def is_change(self) -> bool:
        """Whether it paid the difference to another plan, within a period that was paid before."""
        return self.changed_from_id is not None

    @property
    def credits(self) -> int:
        """How many credits it buys."""
        return self.change_credits or self.product_version.credits

    @property
    def expiry_words(self) -> str:
        """When the credits that it paid for expire, without a full stop."""
        ends_at = self.period_ends_at
        if ends_at is None:
            return self.product_version.expiry_words
        return expiry_words(renews=True, days=None, period_ends_at=ends_at)


class Receipt(models.Model):
    """What was sold, by whom and to whom, as it read when it was issued; never changed.

    ``tax`` is the charge's tax as the processor said it; empty where it said nothing of one.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="receipt")
    prefix = models.CharField(max_length=3, default="RCP")  # "R" on those issued before
    number = models.PositiveBigIntegerField(unique=True)
    seller = models.JSONField()
    buyer = models.JSONField()
    line = models.JSONField()
    payment = models.JSONField()
    terms = models.JSONField()
    tax = models.JSONField(default=dict, db_default={})
    subtotal_minor = models.PositiveIntegerField()
    tax_minor = models.PositiveIntegerField()
    total_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "payments_receipt"

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"{self.prefix}-{self.number:06d}"

    @property
    def paid_with(self) -> str:
        """What paid it, in the words of its day: "Visa ending in 4242", "Link"; may be empty."""
        written = self.payment.get("paid_with")
        if written is not None:
            return str(written)
        digits = {name: self.payment[name] for name in ("card_brand", "card_last4")}
        return method_words(method=CARD, **digits, details={})  # of before other methods were known

    @property
    def tax_lines(self) -> tuple[TaxLine, ...]:
        """The tax in the total by its rates; none where the processor said nothing of one."""
        return tuple(TaxLine.stored(one) for one in self.tax.get("lines", ()))

    @property
    def by_card(self) -> bool:
        """Whether a card paid it."""
        return bool(self.payment.get("method", CARD) == CARD)
