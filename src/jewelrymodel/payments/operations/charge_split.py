"""What became of a charge's money: one way of counting it for refunds, disputes and the desk."""

import hashlib
from dataclasses import replace
from datetime import datetime

from django.db.models import Sum

from jewelrymodel.payments.models import Charge, ChargeDispute, Refund
from jewelrymodel.payments.processor_objects import ChargeStatus
from jewelrymodel.payments.statuses import OPEN_REFUNDS, PayoutWay, RefundState


def split_paid(charge: Charge) -> None:
    """Set what a bank took and what is kept of a charge, from what was refunded of it, and save it.

    ``paid = kept + refunded + lost`` (edge 8): what was refunded counts first, for it has left; a
    bank that takes more than is left takes what is left. The caller holds the charge.
    """
    lost = ChargeDispute.objects.filter(charge=charge, lost_at__isnull=False)
    taken = sum(lost.values_list("amount_minor", flat=True))
    charge.lost_minor = min(taken, charge.paid_minor - charge.refunded_minor)
    charge.kept_minor = charge.paid_minor - charge.refunded_minor - charge.lost_minor
    charge.save(update_fields=["refunded_minor", "lost_minor", "kept_minor"])


def refunded_minor(charge: Charge, *, but: Refund | None = None) -> int:
    """Return how much of a charge has gone back in all, *but* one refund, in minor units: more than
    was paid, where a transfer was sent that should not have been.
    """
    went = Refund.objects.filter(charge=charge, state=RefundState.SUCCEEDED)
    went = went.exclude(pk=but.pk) if but else went
    return went.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def transferred_minor(charge: Charge) -> int:
    """Return how much of a charge went back by bank transfer, of which the processor knows nothing,
    in minor units.
    """
    went = Refund.objects.filter(charge=charge, way=PayoutWay.TRANSFER, state=RefundState.SUCCEEDED)
    return went.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def status_elsewhere(charge: Charge, now: datetime) -> ChargeStatus:
    """Return what our records say of a charge that was paid elsewhere; no bank disputes it."""
    going = Refund.objects.filter(charge=charge, state__in=OPEN_REFUNDS)
    waiting = going.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    refundable = charge.kept_minor - waiting
    record = f"{charge.pk} {charge.paid_minor} {charge.refunded_minor} {refundable}"
    return ChargeStatus(
        paid_minor=charge.paid_minor,
        refunded_minor=charge.refunded_minor,
        refundable_minor=refundable,
        dispute="none",
        fetched_at=now,
        sha256=hashlib.sha256(record.encode()).hexdigest(),
    )


def beside_transfers(charge: Charge, status: ChargeStatus) -> ChargeStatus:
    """Return what the processor says of a charge, less what went, or goes, back by bank transfer:
    that can't be refunded again.

    What is kept is the limit; nothing can be refunded where the processor refunds nothing, as
    during a dispute.
    """
    going = Refund.objects.filter(
        charge=charge, way=PayoutWay.TRANSFER, state__in=(*OPEN_REFUNDS, RefundState.SUCCEEDED)
    )
    by_hand = going.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    left = charge.paid_minor - charge.lost_minor - status.refunded_minor - by_hand
    return replace(status, refundable_minor=max(0, min(status.refundable_minor, left)))
