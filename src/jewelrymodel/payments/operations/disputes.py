"""The processor's disputes, mirrored: what a bank took stands in ``lost_minor`` of the charge."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from jewelrymodel.infra import events
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import (
    Charge,
    ChargeDispute,
    Subscription,
    SubscriptionSuspension,
)
from jewelrymodel.payments.operations.charge_booking import book_charge
from jewelrymodel.payments.operations.charge_split import split_paid
from jewelrymodel.payments.processor_objects import ProcessorDispute
from jewelrymodel.payments.rules import DISPUTES_SEEN
from jewelrymodel.payments.statuses import DisputeStatus

_MIRRORED = (
    "status",
    "is_inquiry",
    "reason",
    "amount_minor",
    "currency",
    "charge_refundable",
    "due_by_at",
)
_SLACK = timedelta(days=1)  # the processor lists by its own clock

log = logging.getLogger(__name__)


class ChargeNotBooked(CodedError):
    """The disputed charge paid for something of ours and is not booked yet; it is tried again."""


def mirror_dispute(*, processor_dispute_id: str, now: datetime) -> ChargeDispute | None:
    """Return the dispute as the processor shows it now; None where the charge isn't ours.

    Disputes flip (won ↔ lost), so the charge's books are set from the state, whatever was before.
    One that was opened before we had booked its charge has that settled first. Raises
    ChargeNotBooked, ProcessorDown and ProcessorRefused.
    """
    return mirror_or_book(refunds().retrieve_dispute(processor_dispute_id), now)


def mirror_disputes_since(*, since: datetime, now: datetime) -> int:
    """Return how many disputes differed from ours of all that were opened since then.

    Each is mirrored, so that none is lost with its news, and one that can't be keeps no other from
    it. Raises ProcessorDown, and ProcessorRefused where they can't be listed.
    """
    difference_count = 0
    ours = ChargeDispute.objects.filter(opened_at__gte=since - _SLACK)
    known = {row.processor_dispute_id: _mirrored_state(row) for row in ours}
    for processor_dispute in refunds().list_disputes_since(since):
        if known.get(processor_dispute.id) == _mirrored_state(processor_dispute):
            continue
        try:
            difference_count += mirror_or_book(processor_dispute, now) is not None
        except ProcessorDown:
            raise
        except Exception:
            log.exception("dispute %s could not be mirrored", processor_dispute.id)
    return difference_count


def is_mirrored(ours: ChargeDispute, processor_dispute: ProcessorDispute) -> bool:
    """Return whether our row says what the processor shows."""
    return _mirrored_state(ours) == _mirrored_state(processor_dispute)


def mirror_or_book(processor_dispute: ProcessorDispute, now: datetime) -> ChargeDispute | None:
    """Return our row of a dispute as the processor shows it; None where its charge isn't ours.

    Raises as ``mirror_dispute``.
    """
    dispute = _mirror(processor_dispute, now)
    if dispute is not None:
        return dispute
    booking = book_charge(processor_charge_id=processor_dispute.processor_charge_id, now=now)
    if booking.order is not None and booking.charge is None:
        raise ChargeNotBooked(order=booking.order.label)
    return _mirror(processor_dispute, now) if booking.charge else None


def _mirrored_state(one: ChargeDispute | ProcessorDispute) -> tuple[str, bool, int]:
    return str(one.status), one.is_inquiry, one.amount_minor


def mirror_disputes_of(*, charge_id: str, now: datetime) -> list[ChargeDispute]:
    """Return every dispute of one of our charges, mirrored; raises as ``mirror_dispute``."""
    charge = Charge.objects.get(pk=charge_id)
    disputes = [_mirror(one, now) for one in refunds().list_disputes(charge.processor_charge_id)]
    return [one for one in disputes if one is not None]


@transaction.atomic
def _mirror(processor_dispute: ProcessorDispute, now: datetime) -> ChargeDispute | None:
    charge = (
        Charge.objects.select_for_update()
        .filter(processor_charge_id=processor_dispute.processor_charge_id)
        .first()
    )
    if charge is None:
        return None
    known = ChargeDispute.objects.filter(processor_dispute_id=processor_dispute.id).first()
    dispute = known or ChargeDispute(
        id=new_id("dsp", now=now),
        account_id=charge.account_id,
        charge=charge,
        processor_dispute_id=processor_dispute.id,
        opened_at=processor_dispute.opened_at,
    )
    former_state = (*_mirrored_state(known), known.lost_at) if known else None
    for name in _MIRRORED:
        setattr(dispute, name, getattr(processor_dispute, name))
    dispute.seen_at, dispute.next_look_at = now, now + DISPUTES_SEEN
    dispute.lost_at = _lost_at(dispute, now)
    dispute.save()
    if (*_mirrored_state(dispute), dispute.lost_at) != former_state:
        split_paid(charge)
        events.emit("dispute.changed", subject_id=dispute.pk)
    return dispute


def _lost_at(dispute: ChargeDispute, now: datetime) -> datetime | None:
    """Since when the bank has the money: only a dispute that is won gives it back. What is appealed
    was lost, also where the news of that never came.
    """
    if dispute.status in DisputeStatus.decided_against_us():
        return dispute.lost_at or now
    return None if dispute.status == DisputeStatus.WON else dispute.lost_at


@transaction.atomic
def suspend_subscription(*, subscription_id: str, cause_id: str, now: datetime) -> bool:
    """Let a subscription give no access for a cause; return whether that is new."""
    Subscription.objects.select_for_update().get(pk=subscription_id)
    _, created = SubscriptionSuspension.objects.get_or_create(
        subscription_id=subscription_id,
        cause_id=cause_id,
        reinstated_at__isnull=True,
        defaults={"id": new_id("sus", now=now), "created_at": now},
    )
    return created


def reinstate_subscription(*, cause_id: str, now: datetime) -> int:
    """End every suspension of that cause; return how many."""
    suspensions = SubscriptionSuspension.objects.filter(
        cause_id=cause_id, reinstated_at__isnull=True
    )
    return suspensions.update(reinstated_at=now)
