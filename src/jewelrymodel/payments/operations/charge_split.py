"""What became of a charge's money: one way of counting it for refunds, disputes and the desk."""

from jewelrymodel.payments.models import Charge, ChargeDispute


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
