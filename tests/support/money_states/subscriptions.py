"""Subscriptions: what renews, at the processor and here."""

from datetime import timedelta
from typing import Any

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import operations, queries
from tests.support.money_states import acts
from tests.support.money_states.sight import plan_state
from tests.support.money_states.table import Act, Event, Thing, Who
from tests.support.money_states.world import AGENT, DAY, HOUR, CantBeError, World
from tests.support.plan_changes import LARGER
from tests.support.shop import GOOD, start

ALWAYS_ASKS = "4000002760003184"


def _taken(world: World, number: str = GOOD, method: str = "") -> None:
    world.buy("bench", number, method)
    operations.settle_order(order_id=world.order.pk, now=world.at)
    if method:
        world.go(6 * DAY)
    world.settle()


def _then(*acts_before: Act, number: str = GOOD, method: str = "") -> Act:
    def state(world: World) -> None:
        _taken(world, number, method)
        for act in acts_before:
            act(world)
            world.settle()

    return state


def _until(after: timedelta) -> Act:
    """To so long after the paid period's end, or from now where that is over."""

    def act(world: World) -> None:
        ends_at = world.plan.period_ends_at
        world.go(max(ends_at - world.at, timedelta()) + after)

    return act


def _draft_stays(world: World) -> None:
    """Our webhook didn't answer, so the processor waits longer than an hour."""
    world.faults(draft_invoice_s=9 * 3_600)


def _renewal_declined(world: World) -> None:
    world.faults(decline_renewals=1)
    _until(2 * HOUR)(world)


def _never_collected(world: World) -> None:
    world.faults(decline_renewals=9)
    _until(2 * HOUR)(world)
    world.settle()
    world.go(30 * DAY)
    world.settle()
    world.faults(decline_renewals=0)


def _cancels(world: World) -> None:
    operations.cancel_subscription(**_mine(world))


def _resumes(world: World) -> None:
    operations.resume_subscription(**_mine(world))


def _mine(world: World) -> dict[str, Any]:
    return {
        "account_id": world.account_id,
        "subscription_id": world.plan.pk,
        "actor": AGENT,
        "now": world.at,
    }


def _pays_renewal(world: World) -> None:
    url = operations.renewal_page(
        account_id=world.account_id, subscription_id=world.plan.pk, now=world.at
    )
    if not url:
        raise CantBeError("nothing is left to pay: no page is offered")
    world.pay_or_confirm(url)


def _new_card(world: World) -> None:
    url = operations.payment_method_page(
        account_id=world.account_id,
        subscription_id=world.plan.pk,
        return_url="http://shop.example/billing",
    )
    if not url:
        raise CantBeError("it renews no more: no page is offered")
    world.pay(url)


def _second_plan(world: World) -> None:
    try:
        checkout = start(world.seller, sku="bench", at=world.at, key="second")
    except CodedError as refusal:
        raise CantBeError(f"refused here: {refusal.code}") from refusal
    world.pay(checkout.url)


def _changes_now(world: World) -> None:
    """At the first instant of the paid period, so that the share of it is the whole one."""
    mine = _mine(world) | {"sku": LARGER, "now": world.plan.period_starts_at}
    at_first = {"prorated_at": mine["now"]}
    who = mine.pop("actor")
    try:
        quote = operations.quote_change(**mine, **at_first)
        operations.change_now(**mine, **at_first, quoted=quote.digest, consents=(), actor=who)
    except CodedError as refusal:
        raise CantBeError(f"refused here: {refusal.code}") from refusal


def _changes_with_renewal(world: World) -> None:
    others = queries.plans_to_change_to(subscription=world.plan, now=world.at)
    version = next((one for one in others if one.sku == LARGER), None)
    offer = operations.renewal_offer(version, world.at) if version else ""
    try:
        operations.change_with_renewal(**_mine(world), sku=LARGER, offer=offer)
    except CodedError as refusal:
        raise CantBeError(f"refused here: {refusal.code}") from refusal


def _undoes_change(world: World) -> None:
    try:
        operations.undo_change(**_mine(world))
    except CodedError as refusal:
        raise CantBeError(f"refused here: {refusal.code}") from refusal


def _pays_change(world: World) -> None:
    url = operations.change_page(
        account_id=world.account_id, subscription_id=world.plan.pk, now=world.at
    )
    if not url:
        raise CantBeError("nothing is left to pay: no page is offered")
    world.pay_or_confirm(url)


def _change_declined(world: World) -> None:
    world.faults(decline_renewals=1)
    _changes_now(world)


def _there(path: str, **sent: str) -> Act:
    """An act on the subscription at the processor's dashboard."""

    def act(world: World) -> None:
        subscription_id = world.plan.processor_subscription_id
        world.panel(f"subscriptions/{subscription_id}/{path}", **sent)

    return act


def _open_invoice(how: str) -> Act:
    def act(world: World) -> None:
        subscription_id = world.plan.processor_subscription_id
        found = world.get(f"invoices?subscription={subscription_id}&limit=1")["data"]
        world.panel(f"invoices/{found[0]['id']}/settle", how=how)

    return act


_PAUSE = _there("pause", behavior="void")

SUBSCRIPTIONS = Thing(
    "subscriptions",
    "Subscriptions",
    "A plan of 60 credits for $19.00 a month. Its state here is followed by whether it renews, and "
    "by how far the invoice of its renewal got, and by another plan that it has, or is to have. "
    "The larger plan, of 250 credits for $59.00, is taken at the first instant of the month, for "
    "the whole difference.",
    {
        "active": _then(),
        "canceled, its month runs": _then(_cancels),
        "renewal being collected": _then(_draft_stays, _until(timedelta(minutes=10))),
        "renewal declined": _then(_renewal_declined),
        "renewal to be confirmed": _then(_until(2 * HOUR), number=ALWAYS_ASKS),
        "renewal by bank debit on its way": _then(_until(2 * HOUR), method="us_bank_account"),
        "collection paused there": _then(_PAUSE),
        "collection paused there, its month over": _then(_PAUSE, _until(2 * HOUR)),
        "unpaid there": _then(_renewal_declined, acts.says("subscriptions", "unpaid")),
        "of a status that we don’t know": _then(acts.says("subscriptions", "sideways")),
        "ended, as it was canceled": _then(_cancels, _until(2 * HOUR)),
        "ended, as nobody paid": _then(_never_collected),
        "its month disputed": _then(acts.disputes()),
        "its month refunded": _then(acts.desk_refunds()),
        "a larger plan to be paid": _then(_change_declined),
        "changed to a larger plan": _then(_changes_now),
        "another plan with its renewal": _then(_changes_with_renewal),
    },
    (
        acts.LOOKS,
        acts.AWAY,
        acts.KEY,
        Event(Who.TIME, "its month ends", _until(10 * HOUR)),
        Event(Who.TIME, "two months end", _until(33 * DAY)),
        Event(Who.BANK, "declines the next renewal", _renewal_declined),
        Event(Who.CUSTOMER, "cancels it", _cancels),
        Event(Who.CUSTOMER, "resumes it", _resumes),
        Event(Who.CUSTOMER, "pays or confirms the renewal", _pays_renewal),
        Event(Who.CUSTOMER, "changes the card", _new_card),
        Event(Who.CUSTOMER, "takes another plan", _second_plan),
        Event(Who.CUSTOMER, "changes to a larger plan now", _changes_now),
        Event(Who.CUSTOMER, "changes with the renewal", _changes_with_renewal),
        Event(Who.CUSTOMER, "pays for the larger plan", _pays_change),
        Event(Who.CUSTOMER, "undoes the change", _undoes_change),
        Event(Who.DASHBOARD, "cancels it now", _there("cancel", how="now")),
        Event(
            Who.DASHBOARD, "cancels it at its month’s end", _there("cancel", how="at_period_end")
        ),
        Event(Who.DASHBOARD, "resumes it", _there("resume")),
        Event(Who.DASHBOARD, "pauses its collection", _PAUSE),
        Event(Who.DASHBOARD, "collects again", _there("unpause")),
        Event(Who.DASHBOARD, "voids its newest invoice", _open_invoice("void")),
        Event(Who.DASHBOARD, "gives its newest invoice up", _open_invoice("uncollectible")),
        Event(Who.DASHBOARD, "notes it as paid elsewhere", _open_invoice("paid_out_of_band")),
        acts.NO_CUSTOMER,
        acts.REFUND_THERE,
        acts.DISPUTE,
        acts.LOST,
        acts.DESK_REFUND,
    ),
    lambda world: plan_state(world.plan),
)
