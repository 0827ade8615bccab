"""What is so in a world: money, credits, access, who was told, and what the desk can do."""

from dataclasses import dataclass

from django.core import mail
from django.db import transaction
from django.db.models import Sum

from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.infra.formats import money
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import (
    Charge,
    ChargeDispute,
    Order,
    ProcessorAlarm,
    Refund,
    Subscription,
)
from jewelrymodel.payments.operations import RefundTooLarge, ReviewRefused
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.support.models import Case
from tests.support.money_states.world import AGENT, World

NOBODY, NOTHING = "nobody", "nothing"


class _UndoneError(Exception):
    """Take back what was only tried."""


@dataclass(frozen=True)
class Sight:
    """One cell of the table, in words; each of it is never empty."""

    state: str
    money: str
    credits: str
    told: str
    desk: str


def see(world: World, state: str, *, mails_before: int) -> Sight:
    """Return what is so now, and who was told since there were so many mails."""
    return Sight(
        state=state,
        money=_money(world),
        credits=_credits(world),
        told=_told(mails_before),
        desk=_desk(world),
    )


def order_state(order: Order) -> str:
    why = f" ({order.held_code})" if order.state == OrderState.REQUIRES_REVIEW else ""
    return f"{order.state}{why}"


def charge_state(charge: Charge) -> str:
    """How the money of one charge is split."""
    parts = [
        f"{money(amount, charge.currency)} {word}"
        for word, amount in (
            ("kept", charge.kept_minor),
            ("refunded", charge.refunded_minor),
            ("lost", charge.lost_minor),
        )
        if amount
    ]
    return ", ".join(parts)


def plan_state(plan: Subscription) -> str:
    parts = [plan.state, "renews" if plan.renews else "renews no more"]
    if plan.open_invoice_status:
        parts.append(f"invoice {plan.open_invoice_status}")
    if payments.is_suspended(subscription_id=plan.pk):
        parts.append("suspended")
    if plan.product_version_id != plan.orders.earliest("number").product_version_id:
        parts.append(f"the {plan.product_version.name} plan")
    if change := payments.open_change(subscription=plan):
        parts.append(f"change {change.state}")
    return ", ".join(parts)


def refund_states(world: World) -> str:
    """How each of them stands, by the words: which of one second came first isn't told."""
    words = [
        f"{one.state}{' (the processor’s)' if one.is_adopted else ''}"
        f"{f', waits: {one.refusal}' if one.refusal else ''}"
        for one in Refund.objects.filter(account_id=world.account_id)
    ]
    return " + ".join(sorted(words)) or "none"


def dispute_states(world: World) -> str:
    rows = ChargeDispute.objects.filter(account_id=world.account_id)
    return " + ".join(sorted(one.status for one in rows)) or "none"


def _money(world: World) -> str:
    rows = Charge.objects.filter(account_id=world.account_id)
    return " + ".join(sorted(charge_state(one) for one in rows)) or "nothing charged"


def _credits(world: World) -> str:
    balance = ledger.balance(world.account_id, world.at)
    parts = [f"{balance.available} free"]
    if balance.suspended:
        parts.append(f"{balance.suspended} suspended")
    if owed := _owed(world):
        parts.append(f"{owed} owed")
    if ledger.features(world.account_id, world.at):
        plan = Subscription.objects.filter(account_id=world.account_id).first()
        is_off = plan is not None and payments.is_suspended(subscription_id=plan.pk)
        parts.append("access suspended" if is_off else "access")
    return ", ".join(parts)


def _owed(world: World) -> int:
    rows = DisputeWork.objects.filter(dispute__account_id=world.account_id)
    return rows.aggregate(sum=Sum("debt_credits"))["sum"] or 0


def _told(mails_before: int) -> str:
    subjects = [one.subject for one in mail.outbox[mails_before:]]
    return "; ".join(f"“{one}”" for one in _plain(subjects)) or NOBODY


def _plain(subjects: list[str]) -> list[str]:
    """Subjects without their numbers, each once."""
    words = (" ".join(w for w in one.split() if not w.startswith(("[REQ-",))) for one in subjects)
    return list(dict.fromkeys(words))


def _desk(world: World) -> str:
    cases = Case.objects.filter(account_id=world.account_id).order_by("number")
    parts = [
        f"{'open' if one.is_open else 'closed'} {one.check_name or 'request'}" for one in cases
    ]
    disputes = ChargeDispute.objects.filter(account_id=world.account_id)
    parts += ["open dispute" for one in disputes if one.is_open]
    alarms = ProcessorAlarm.objects.filter(cleared_at=None).values_list("reason", flat=True)
    parts += [f"alarm {reason}" for reason in alarms]
    parts += _acts(world)
    return ", ".join(dict.fromkeys(parts)) or NOTHING


def _acts(world: World) -> list[str]:
    """What the desk's operations accept, found out by trying each, undone."""
    acts = []
    for order in Order.objects.filter(
        account_id=world.account_id, state=OrderState.REQUIRES_REVIEW
    ):
        asked = {"order_id": order.pk, "actor": AGENT, "reason": "tried", "now": world.at}
        for name, act in (("deliver", operations.deliver_held), ("close", operations.close_held)):
            if _is_accepted(lambda act=act, asked=asked: act(**asked)):
                acts.append(f"can {name}")
    if any(
        _is_refundable(world, one) for one in Charge.objects.filter(account_id=world.account_id)
    ):
        acts.append("can refund")
    return acts


def _is_refundable(world: World, charge: Charge) -> bool:
    asked = {
        "account_id": charge.account_id,
        "charge_id": charge.pk,
        "amount_minor": 1,
        "decision_id": "tried",
        "reason": "tried",
        "revokes_credits": False,
        "now": world.at,
    }
    return _is_accepted(lambda: operations.intend_refund(**asked))


def _is_accepted(act: object) -> bool:
    try:
        with transaction.atomic():
            act()
            raise _UndoneError
    except _UndoneError:
        return True
    except (RefundTooLarge, ReviewRefused, ProcessorDown):
        return False
