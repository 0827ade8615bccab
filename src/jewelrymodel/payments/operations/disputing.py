"""The processor's disputes, mirrored: what a bank took stands in ``lost_minor`` of the charge."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.infra import facts
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.models import (
    Charge,
    ChargeDispute,
    Subscription,
    SubscriptionSuspension,
)
from jewelrymodel.payments.values import DisputeStatus, SeenDispute


def mirror_dispute(*, processor_dispute_id: str, now: datetime) -> ChargeDispute | None:
    """Return the dispute as the processor shows it now; None where the charge isn't ours.

    Disputes flip (won ↔ lost), so the charge's books are set from the state, whatever was before.
    Raises ProcessorDown and ProcessorRefused.
    """
    return _mirror(refunds().see_dispute(processor_dispute_id), now)


def mirror_disputes_of(*, charge_id: str, now: datetime) -> list[ChargeDispute]:
    """Return every dispute of one of our charges, mirrored; raises as ``mirror_dispute``."""
    charge = Charge.objects.get(pk=charge_id)
    found = [_mirror(seen, now) for seen in refunds().disputes_of(charge.processor_charge_id)]
    return [one for one in found if one is not None]


@transaction.atomic
def _mirror(seen: SeenDispute, now: datetime) -> ChargeDispute | None:
    charge = (
        Charge.objects.select_for_update()
        .filter(processor_charge_id=seen.processor_charge_id)
        .first()
    )
    if charge is None:
        return None
    known = ChargeDispute.objects.filter(processor_dispute_id=seen.id).first()
    dispute = known or ChargeDispute(
        id=new_id("dsp", now=now),
        account_id=charge.account_id,
        charge=charge,
        processor_dispute_id=seen.id,
        opened_at=seen.opened_at,
    )
    before = (known.status, known.is_inquiry, known.amount_minor) if known else None
    dispute.status, dispute.is_inquiry, dispute.reason = seen.status, seen.is_inquiry, seen.reason
    dispute.amount_minor, dispute.currency = seen.amount_minor, seen.currency
    dispute.charge_refundable, dispute.due_by_at = seen.charge_refundable, seen.due_by_at
    dispute.seen_at, dispute.lost_at = now, _lost_at(dispute, now)
    dispute.save()
    if (dispute.status, dispute.is_inquiry, dispute.amount_minor) != before:
        _book_loss(charge)
        facts.emit("dispute.changed", subject_id=dispute.pk)
    return dispute


def _lost_at(dispute: ChargeDispute, now: datetime) -> datetime | None:
    """Since when the bank has the money: only a dispute that is won gives it back."""
    if dispute.status == DisputeStatus.LOST:
        return dispute.lost_at or now
    return None if dispute.status == DisputeStatus.WON else dispute.lost_at


def _book_loss(charge: Charge) -> None:
    lost = ChargeDispute.objects.filter(charge=charge, lost_at__isnull=False)
    taken = sum(lost.values_list("amount_minor", flat=True))
    charge.lost_minor = min(taken, charge.paid_minor - charge.refunded_minor)
    charge.kept_minor = charge.paid_minor - charge.refunded_minor - charge.lost_minor
    charge.save(update_fields=["lost_minor", "kept_minor"])


@transaction.atomic
def suspend_subscription(*, subscription_id: str, cause_id: str, now: datetime) -> bool:
    """Let a subscription give no access for a cause; return whether that is new."""
    Subscription.objects.select_for_update().get(pk=subscription_id)
    _, created = SubscriptionSuspension.objects.get_or_create(
        subscription_id=subscription_id,
        cause_id=cause_id,
        lifted_at__isnull=True,
        defaults={"id": new_id("sus", now=now), "created_at": now},
    )
    return created


def lift_subscription(*, cause_id: str, now: datetime) -> int:
    """End every suspension of that cause; return how many."""
    standing = SubscriptionSuspension.objects.filter(cause_id=cause_id, lifted_at__isnull=True)
    return standing.update(lifted_at=now)
