"""Refunds, asked for and followed at the running sandbox."""

from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, ChargeDispute, Refund
from jewelrymodel.remedies import operations as deciding
from tests.support.shop import Sandbox, now

CASE_MINOR = 3900


def intend(
    charge: Charge, amount: int = CASE_MINOR, *, why: str = "dec_1", lot: bool = True
) -> Refund:
    return operations.intend_refund(
        account_id=charge.account_id,
        charge_id=charge.id,
        amount_minor=amount,
        decision_id=why,
        reason="6.1",
        revokes_credits=lot,
        now=now(),
    )


def follow(refund: Refund) -> Refund:
    return operations.follow_refund(refund_id=refund.pk, now=now())


def books(charge: Charge) -> tuple[int, int, int]:
    charge.refresh_from_db()
    return charge.kept_minor, charge.refunded_minor, charge.lost_minor


def free_and_suspended(charge: Charge) -> tuple[int, int]:
    balance = ledger.balance(charge.account_id, now())
    return balance.available, balance.suspended


def dispute(sandbox: Sandbox, charge: Charge, *, inquiry: bool = False) -> ChargeDispute:
    path = f"charges/{charge.processor_charge_id}/dispute"
    sandbox.panel(path, reason="fraudulent", inquiry=inquiry)
    (found,) = operations.mirror_disputes_of(charge_id=charge.pk, now=now())
    return found


def refunds_done() -> None:
    for refund in Refund.objects.all():
        payments.follow_refund(refund_id=refund.pk, now=now())
        deciding.settle_refund_remedy(refund_id=refund.pk, now=now())
