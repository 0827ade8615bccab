"""What we need of a payment processor, in our words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.processor_objects import (
    ChangePreview,
    ChargeStatus,
    CheckoutRequest,
    FraudWarning,
    ListedCustomer,
    ListedRefund,
    ListedSubscription,
    PaymentPage,
    PlanPrice,
    ProcessorCheckout,
    ProcessorDispute,
    ProcessorRefund,
    ProcessorSubscription,
    RenewalCard,
)


class ProcessorError(CodedError):
    """The processor gave no answer, or refused.

    ``processor_code`` is its own word for the reason and ``detail`` its own text about it, in
    English and for logs; both are empty where it gives none.
    """

    def __init__(self, *, detail: str = "", processor_code: str = "") -> None:
        super().__init__(processor_code=processor_code, detail=detail)
        self.detail, self.processor_code = detail, processor_code

    @property
    def why(self) -> str:
        """What keeps us from going on, for a log: whether to wait for it or to mend something."""
        return f"the processor refuses this ({self.processor_code or self.detail or self.code})"


class ProcessorDown(ProcessorError):
    """The processor can't be reached. Nothing was decided; it is asked again."""

    @property
    def why(self) -> str:
        """As above."""
        return "the processor is down"


class ProcessorBlocked(ProcessorDown):
    """The processor refuses *us*, not this request: our key, a right of it, a changed repeat.

    So nothing is decided: what was asked for waits like anything does while it is down, and
    ``processor_code`` says to a person what has to be mended.
    """

    @property
    def why(self) -> str:
        """As above."""
        return f"the processor refuses us ({self.processor_code})"


class ProcessorRefused(ProcessorError):
    """The processor refuses this request. Nothing was charged or refunded."""

    @property
    def is_missing(self) -> bool:
        """Whether the processor knows nothing under that id; asking again changes nothing."""
        return self.processor_code == "resource_missing"


class ForgedEvent(CodedError):
    """This message doesn't carry the processor's signature."""


class MalformedEvent(CodedError):
    """An event that the processor signed, without what every event has. Nothing is stored."""


@dataclass(frozen=True)
class EventHint:
    """A verified message from the processor: that something may have changed about an object.

    Never what changed: the object is fetched again. The payload holds ``type``, ``object`` (the
    processor's word for the kind), ``object_id`` and ``order_id`` (empty where none is named).
    *not_ours* says why it can be about nothing of ours; empty where it may be.
    """

    event_id: str
    payload: dict[str, str]
    not_ours: str = ""


class Subscriptions(Protocol):
    """What renews at the processor. Every call raises ProcessorDown and ProcessorRefused."""

    def retrieve_subscription(
        self, subscription_id: str, *, booked: Collection[str] = ()
    ) -> ProcessorSubscription:
        """Return the present state of a subscription with its invoices, oldest first.

        Of invoices that are *booked* the charge isn't asked for again.
        """

    def renewal_card(self, subscription_id: str) -> RenewalCard | None:
        """Return the card that its next renewal is charged to; None where it is another method, or
        none is known.
        """

    def subscription_of_invoice(self, invoice_id: str) -> str:
        """Return the id of the subscription that an invoice bills; empty where there is none."""

    def paid_elsewhere(self, invoice_id: str) -> int:
        """Return how much of an invoice was paid outside the processor, in our minor units; 0 where
        nothing was, as of one that a balance or a credit note has paid.
        """

    def list_subscriptions(self) -> Iterator[list[ListedSubscription]]:
        """Yield every subscription that has not ended, newest first, a page of them at a time."""

    def list_customers(self, since: datetime, before: datetime) -> Iterator[list[ListedCustomer]]:
        """Yield the customers that were made in that time and not deleted since, a page of them at
        a time.
        """

    def subscription_of_payment(self, intent_id: str) -> str:
        """Return the id of the subscription whose invoice a payment paid; empty where none."""

    def invoice_page(self, invoice_id: str) -> str:
        """Return the processor's page at which an open invoice is paid or confirmed; empty where
        nothing is left to pay.
        """

    def payment_method_page(self, customer_id: str, *, return_url: str) -> str:
        """Return the processor's page at which a customer replaces their payment method, once."""

    def cancel(self, subscription_id: str) -> None:
        """Cancel it now; nothing more is collected for it."""

    def cancel_at_period_end(self, subscription_id: str, *, cancels: bool) -> None:
        """Cancel it with the end of the paid period, or let it renew whoever had canceled it."""


class PlanChanges(Protocol):
    """Another plan for what renews. Every call raises ProcessorDown and ProcessorRefused."""

    def preview_change(
        self, subscription_id: str, plan: PlanPrice, *, prorated_at: datetime
    ) -> ChangePreview:
        """Return what *plan* would be charged from that instant on; nothing is changed."""

    def change_plan(
        self, subscription_id: str, plan: PlanPrice, *, prorated_at: datetime, change_id: str
    ) -> None:
        """Charge the difference now and change the plan as soon as it is paid; else it waits for
        its customer for a day, and everything stays as it is. Once for each *change_id*.
        """

    def renew_as(self, subscription_id: str, plan: PlanPrice) -> None:
        """Let it renew as *plan*; nothing is charged or credited before that."""

    def void_invoice(self, invoice_id: str) -> None:
        """Make an open invoice unpayable, and drop the change that waits for it. Quiet where it no
        longer is open: look again.
        """


class Refunds(Protocol):
    """Giving money back. Every call raises ProcessorDown and ProcessorRefused."""

    def create_refund(
        self,
        *,
        refund_id: str,
        processor_charge_id: str,
        amount_minor: int,
        currency: str,
        refusals: int = 0,
    ) -> ProcessorRefund:
        """Return the one refund of this id, asked for where it isn't there yet.

        A processor repeats its answer to a repeated request; so it is a new one after each of so
        many *refusals* that weren't final.
        """

    def retrieve_refund(self, processor_refund_id: str) -> ProcessorRefund:
        """Return the present state of a refund."""

    def list_refunds(self, processor_charge_id: str) -> tuple[ProcessorRefund, ...]:
        """Return every refund of a charge, by whomever it was made, oldest first."""

    def retrieve_charge(self, processor_charge_id: str, *, now: datetime) -> ChargeStatus:
        """Return what is paid, given back and disputed of a charge."""

    def retrieve_dispute(self, processor_dispute_id: str) -> ProcessorDispute:
        """Return the present state of a dispute."""

    def list_disputes(self, processor_charge_id: str) -> tuple[ProcessorDispute, ...]:
        """Return every dispute of a charge."""

    def list_disputes_since(
        self, since: datetime, before: datetime | None = None
    ) -> list[ProcessorDispute]:
        """Return every dispute that was opened in that time, newest first."""

    def charge_of_warning(self, warning_id: str) -> str:
        """Return the processor's id of the charge that an early fraud warning is about."""

    def list_warnings_since(self, since: datetime) -> list[FraudWarning]:
        """Return every early fraud warning since then that can still be acted on, newest first."""

    def list_refunds_since(
        self, since: datetime, before: datetime | None = None
    ) -> list[ListedRefund]:
        """Return every refund that was made in that time, by whomever, newest first."""


class Processor(Protocol):
    """A payment processor. Every call is bounded in time; repeats of a request are one request."""

    def create_checkout(self, request: CheckoutRequest) -> PaymentPage:
        """Return the payment page for an order, the same one for the same request.

        Raises ProcessorDown (it may or may not exist then: ask again) or ProcessorRefused.
        """

    def retrieve_checkout(self, session_id: str) -> ProcessorCheckout:
        """Return the present state of a payment page; raises ProcessorDown, ProcessorRefused."""

    def expire_checkout(self, session_id: str) -> None:
        """Make an open payment page unpayable. Quiet where it no longer is open: look again.

        Raises ProcessorDown.
        """

    def read_event(self, body: bytes, signature: str) -> EventHint:
        """Return what a webhook hints at; raises ForgedEvent unless its signature is right, and
        MalformedEvent where it lacks its id, its type or its object.
        """
