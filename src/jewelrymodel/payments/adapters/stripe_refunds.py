"""Refunds and disputes at the processor: asked for once, and looked at again."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import stripe

from jewelrymodel.payments.adapters.stripe_client import (
    asked,
    client,
    created_within,
    id_at,
    instant_at,
    optional,
    payable,
)
from jewelrymodel.payments.gateway import ProcessorRefused, Refunds
from jewelrymodel.payments.processor_objects import (
    ChargeStatus,
    FraudWarning,
    ListedRefund,
    ProcessorCharge,
    ProcessorDispute,
    ProcessorRefund,
)
from jewelrymodel.payments.rules import LESS_IS_LEFT
from jewelrymodel.payments.rules.processor_amounts import received
from jewelrymodel.payments.statuses import DisputeStatus, RefundState

OURS = "refund_id"
_MOST = 100
_REFUND_STATES = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.REQUIRES_ACTION,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.CANCELED,
    "": RefundState.PENDING,
}
"""The processor's words; our own first two, intended and submitted, are none of them."""
_INQUIRY = "warning_"  # what the words for an inquiry begin with, by whatever it was paid


def refunds() -> Refunds:
    """Return the processor that the settings name."""
    return StripeRefunds(client())


class StripeRefunds:
    """``gateway.Refunds`` for Stripe's API."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._api = client.v1

    def create_refund(
        self,
        *,
        refund_id: str,
        processor_charge_id: str,
        amount_minor: int,
        currency: str,
        refusals: int = 0,
    ) -> ProcessorRefund:
        """See ``gateway.Refunds``. Looked for first: idempotency keys are forgotten after a day."""
        for refund in self.list_refunds(processor_charge_id):
            if refund.refund_id == refund_id:
                return refund
        wanted: stripe.params.RefundCreateParams = {
            "charge": processor_charge_id,
            "amount": payable(amount_minor, currency),
            "metadata": {OURS: refund_id},
        }
        key = f"refund-{refund_id}-{refusals}" if refusals else f"refund-{refund_id}"
        try:
            return _processor_refund(
                asked(
                    lambda: self._api.refunds.create(wanted, {"idempotency_key": key}),
                    right="charge_write",
                )
            )
        except ProcessorRefused as refusal:
            if refusal.processor_code or self._left_of(processor_charge_id) >= amount_minor:
                raise
            raise ProcessorRefused(detail=refusal.detail, processor_code=LESS_IS_LEFT) from refusal

    def list_refunds(self, processor_charge_id: str) -> tuple[ProcessorRefund, ...]:
        """See ``gateway.Refunds``; a hundred of them a call."""
        made = asked(
            lambda: list(
                self._api.refunds.list(
                    {"charge": processor_charge_id, "limit": _MOST}
                ).auto_paging_iter()
            ),
            right="charge_read",
        )
        return tuple(_processor_refund(one) for one in reversed(made))

    def _left_of(self, processor_charge_id: str) -> int:
        charge = asked(lambda: self._api.charges.retrieve(processor_charge_id), right="charge_read")
        return received(charge.amount_captured - charge.amount_refunded, charge.currency)

    def retrieve_refund(self, processor_refund_id: str) -> ProcessorRefund:
        """See ``gateway.Refunds``."""
        return _processor_refund(
            asked(lambda: self._api.refunds.retrieve(processor_refund_id), right="charge_read")
        )

    def retrieve_charge(self, processor_charge_id: str, *, now: datetime) -> ChargeStatus:
        """See ``gateway.Refunds``."""
        charge = asked(lambda: self._api.charges.retrieve(processor_charge_id), right="charge_read")
        disputes = self.list_disputes(processor_charge_id)
        left = received(charge.amount_captured - charge.amount_refunded, charge.currency)
        refundable = left if all(one.charge_refundable for one in disputes) else 0
        answer = {
            "paid": charge.amount_captured,
            "refunded": charge.amount_refunded,
            "refundable": refundable,
            "disputes": sorted((one.id, one.status.value) for one in disputes),
        }
        return ChargeStatus(
            paid_minor=received(charge.amount_captured, charge.currency),
            refunded_minor=received(charge.amount_refunded, charge.currency),
            refundable_minor=refundable,
            dispute=_in_our_words(disputes),
            fetched_at=now,
            sha256=hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest(),
        )

    def retrieve_dispute(self, processor_dispute_id: str) -> ProcessorDispute:
        """See ``gateway.Refunds``."""
        return _seen_dispute(
            asked(lambda: self._api.disputes.retrieve(processor_dispute_id), right="dispute_read")
        )

    def list_disputes(self, processor_charge_id: str) -> tuple[ProcessorDispute, ...]:
        """See ``gateway.Refunds``."""
        page = asked(
            lambda: self._api.disputes.list({"charge": processor_charge_id, "limit": _MOST}),
            right="dispute_read",
        )
        return tuple(_seen_dispute(one) for one in page.data)

    def list_disputes_since(
        self, since: datetime, before: datetime | None = None
    ) -> list[ProcessorDispute]:
        """See ``gateway.Refunds``; a hundred of them a call."""
        parameters: stripe.params.DisputeListParams = {
            "created": created_within(since, before),
            "limit": _MOST,
        }
        listed = asked(
            lambda: list(self._api.disputes.list(parameters).auto_paging_iter()),
            right="dispute_read",
        )
        return [_seen_dispute(one) for one in listed]

    def charge_of_warning(self, warning_id: str) -> str:
        """See ``gateway.Refunds``."""
        warning = asked(
            lambda: self._api.radar.early_fraud_warnings.retrieve(warning_id),
            right="early_fraud_warning_read",
        )
        return id_at(warning, "charge")

    def list_warnings_since(self, since: datetime) -> list[FraudWarning]:
        """See ``gateway.Refunds``; a hundred of them a call."""
        listed = asked(
            lambda: list(
                self._api.radar.early_fraud_warnings.list(
                    {"created": {"gte": int(since.timestamp())}, "limit": _MOST}
                ).auto_paging_iter()
            ),
            right="early_fraud_warning_read",
        )
        return [
            FraudWarning(one.id, id_at(one, "charge"), one.fraud_type)
            for one in listed
            if one.actionable
        ]

    def list_refunds_since(
        self, since: datetime, before: datetime | None = None
    ) -> list[ListedRefund]:
        """See ``gateway.Refunds``; a hundred of them a call."""
        parameters: stripe.params.RefundListParams = {
            "created": created_within(since, before),
            "limit": _MOST,
        }
        listed = asked(
            lambda: list(self._api.refunds.list(parameters).auto_paging_iter()), right="charge_read"
        )
        return [ListedRefund(one.id, _ours(one), id_at(one, "charge")) for one in listed]


def with_refunds(
    client: stripe.StripeClient, charge: ProcessorCharge | None
) -> ProcessorCharge | None:
    """Return a charge with the refunds that were made of it, asked for where there are any."""
    if charge is None or not charge.refunded_minor:
        return charge
    return replace(charge, refunds=StripeRefunds(client).list_refunds(charge.id))


def _ours(refund: stripe.Refund) -> str:
    return optional(refund, str, "metadata", OURS) or ""


def _processor_refund(refund: stripe.Refund) -> ProcessorRefund:
    status = optional(refund, str, "status") or ""
    state = _REFUND_STATES.get(status, RefundState.PENDING)
    is_obstacle = status not in _REFUND_STATES or state is RefundState.REQUIRES_ACTION
    return ProcessorRefund(
        id=refund.id,
        refund_id=_ours(refund),
        state=state,
        obstacle=status if is_obstacle else "",
        amount_minor=received(refund.amount, refund.currency),
        failure=optional(refund, str, "failure_reason") or "",
        processor_charge_id=id_at(refund, "charge"),
        made_at=instant_at(refund, "created"),
    )


def _seen_dispute(dispute: stripe.Dispute) -> ProcessorDispute:
    words = {status.value: status for status in DisputeStatus}
    return ProcessorDispute(
        id=dispute.id,
        processor_charge_id=id_at(dispute, "charge"),
        status=words.get(dispute.status, DisputeStatus.UNKNOWN),
        is_inquiry=dispute.status.startswith(_INQUIRY),
        reason=dispute.reason,
        amount_minor=received(dispute.amount, dispute.currency),
        currency=dispute.currency.upper(),
        charge_refundable=dispute.is_charge_refundable,
        due_by_at=instant_at(dispute, "evidence_details", "due_by"),
        opened_at=datetime.fromtimestamp(dispute.created, UTC),
    )


def _in_our_words(disputes: tuple[ProcessorDispute, ...]) -> str:
    """The policy's word for the worst of them: none, inquiry, open, won, lost or unknown."""
    statuses = {_word(one) for one in disputes}
    order = ("unknown", "open", "lost", "inquiry", "won")
    return next((word for word in order if word in statuses), "none")


def _word(dispute: ProcessorDispute) -> str:
    match dispute.status:
        case DisputeStatus.UNKNOWN:
            return "unknown"
        case DisputeStatus.WON | DisputeStatus.LOST:
            return dispute.status.value
        case DisputeStatus.PREVENTED | DisputeStatus.WARNING_CLOSED:
            return "won"
        case _undecided:
            return "inquiry" if dispute.is_inquiry else "open"
