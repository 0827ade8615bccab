"""What somebody does: we, the customer, the processor, its dashboard, a bank, the desk, time."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import IntegrityError

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import operations
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import ChargeDispute, Order, Refund
from jewelrymodel.payments.statuses import PayoutWay
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import Chosen, Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import Channel, ReviewAct
from tests.support.money_states.table import Act, Event, Who
from tests.support.money_states.world import AGENT, DAY, CantBeError, World
from tests.support.shop import DECLINED, GOOD


def nothing(_world: World) -> None:
    """Nothing happens: what is there is looked at again."""


def passes(time: timedelta) -> Act:
    return lambda world: world.go(time)


def faulty(**faults: str | bool | int) -> Act:
    """Something is wrong for as long as we look."""
    return lambda world: world.faults(**faults)


def page_of(world: World) -> str:
    """The payment page of the order, as its buyer still has it open."""
    order = world.order
    if order.session_id is None:
        raise CantBeError("it has no payment page")
    return f"{world.sandbox.url}/c/pay/{order.session_id}"


def pays(number: str = GOOD, method: str = "") -> Act:
    def act(world: World) -> None:
        url = page_of(world)
        session = world.get(f"checkout/sessions/{world.order.session_id}")
        if session["status"] != "open":
            raise CantBeError(f"its payment page is {session['status']}")
        world.pay(url, number, method)

    return act


def cancels_order(world: World) -> None:
    order = world.order
    operations.cancel_order(account_id=world.account_id, order_id=order.pk, now=world.at)


def continues(world: World) -> None:
    """The customer goes on to pay where they left off, and pays."""
    checkout = operations.continue_to_pay(account_id=world.account_id, order_id=world.order.pk)
    if not checkout.url:
        raise CantBeError("nothing is left to pay: no page is offered")
    world.pay(checkout.url)


def charge_there(world: World) -> str:
    charges = world.get("charges?limit=100")["data"]
    paid = [one["id"] for one in charges if one["paid"]]
    if not paid:
        raise CantBeError("nothing was charged")
    return str(paid[0])


def refunds_there(amount_minor: int = 0) -> Act:
    """At the processor's dashboard: all that is left, or a part."""

    def act(world: World) -> None:
        more = {"amount": amount_minor} if amount_minor else {}
        world.panel(f"charges/{charge_there(world)}/refund", **more)

    return act


def charges_again(world: World) -> None:
    world.panel(f"charges/{charge_there(world)}/repeat")


def says(kind: str, word: str) -> Act:
    """The newest object of that kind says a word as its status."""

    def act(world: World) -> None:
        found = world.get(f"{kind}?limit=1")["data"]
        world.panel(f"objects/{found[0]['id']}/say", field="status", word=word)

    return act


def warns(world: World) -> None:
    world.panel(f"charges/{charge_there(world)}/warning")


def disputes(*, inquiry: bool = False, reason: str = "fraudulent") -> Act:
    return lambda world: _dispute(world, reason, inquiry)


def _dispute(world: World, reason: str, inquiry: bool) -> None:
    world.panel(f"charges/{charge_there(world)}/dispute", reason=reason, inquiry=inquiry)


def decides(outcome: str) -> Act:
    """The bank decides the newest dispute."""

    def act(world: World) -> None:
        found = world.get("disputes?limit=1")["data"]
        if not found:
            raise CantBeError("nothing is disputed")
        world.panel(f"disputes/{found[0]['id']}/decide", outcome=outcome)

    return act


def loses(world: World) -> None:
    """A charge is disputed and its bank rules for the customer."""
    if not ChargeDispute.objects.exists():
        disputes()(world)
    decides("lost")(world)


def deletes_customer(world: World) -> None:
    found = world.get("customers?limit=100")["data"]
    if not found:
        raise CantBeError("the processor has no customer yet")
    world.panel(f"customers/{found[0]['id']}/delete")


def desk_refunds(amount_minor: int = 0) -> Act:
    """A person at the desk decides the order's case: all that is kept goes back, or a part."""

    def act(world: World) -> None:
        order = world.order
        kept = sum(order.charges.values_list("kept_minor", flat=True))
        if not kept:
            raise CantBeError("none of its money is kept")
        amount = amount_minor or kept
        kind = RemedyKind.PARTIAL_REFUND if amount < kept else RemedyKind.FULL_REFUND
        chosen = Chosen(
            kind, amount_minor=amount, currency=order.currency, revokes_credits=amount == kept
        )
        _decide(world, order, [chosen])

    return act


def _decide(world: World, order: Order, chosen: list[Chosen]) -> None:
    case = _case_of(world, order)
    request = queries.request_facts(case)
    assert request is not None
    try:
        decision = support.decide_case(
            case_id=case.pk,
            signature=deciding.assess(request=request, now=world.at).signature,
            remedies_chosen=chosen,
            reason="Decided by a person.",
            user_id=world.colleague,
            now=world.at,
        )
        deciding.carry_out(decision_id=decision.pk, now=world.at)
    except ProcessorDown:
        pass
    except CodedError as refusal:
        raise CantBeError(f"the desk refuses: {refusal.code}") from refusal


def _case_of(world: World, order: Order) -> Case:
    """The customer's request about the order, or what is open about it already."""
    subject = Subject(SubjectKind.ORDER, order.pk)
    known = Case.objects.filter(account_id=world.account_id, subject_id=order.pk)
    case = next((one for one in known.order_by("-number") if one.is_open), None)
    return case or support.open_case(
        opening=support.Opening(
            account_id=world.account_id,
            email=world.seller.user.email,
            identity_level=3,
            channel=Channel.FORM,
            category="unused",
            subject=subject,
            explanation="I did not use it.",
        ),
        now=world.at,
    )


def delivers(world: World) -> None:
    """A colleague confirms that a held order is delivered, and lets it stand."""
    order = world.order
    request = queries.order_request(order, now=world.at)
    try:
        confirmed = support.confirm_order(
            order_id=order.pk,
            act=ReviewAct.DELIVER,
            signature=deciding.assess(request=request, now=world.at).signature,
            reason="Decided by a person.",
            user_id=world.colleague,
            now=world.at,
            machine_clock=lambda: world.at,
        )
        support.carry_out_confirmed(confirmed_id=confirmed.pk, now=confirmed.due_at)
    except CodedError as refusal:
        raise CantBeError(f"the desk refuses: {refusal.code}") from refusal


def desk_chooses_transfer(world: World) -> None:
    operations.choose_payout(
        charge_id=world.charge.pk,
        way=PayoutWay.TRANSFER,
        reason="The card is closed.",
        user_id=world.colleague,
        now=world.at,
    )


def desk_records_transfer(world: World, *, anyway: bool = False) -> None:
    refund = _newest_refund(world)
    _transfer(
        operations.record_transfer,
        world,
        amount_minor=refund.amount_minor,
        reference="TRF-1",
        sent_on=world.at.date(),
        is_sent_anyway=anyway,
    )


def _transfer(operation: Callable[..., object], world: World, **more: object) -> None:
    """What a colleague does about the bank transfer of the newest refund."""
    refund = _newest_refund(world)
    try:
        operation(refund_id=refund.pk, user_id=world.colleague, now=world.at, **more)
    except operations.TransferRefused as refusal:
        raise CantBeError(f"the desk refuses: {refusal.code}") from refusal


def _newest_refund(world: World) -> Refund:
    return Refund.objects.filter(account_id=world.account_id).latest("created_at", "pk")


def closes(world: World) -> None:
    _review(lambda: operations.close_held(**_about(world)))


def _about(world: World) -> dict[str, object]:
    return {"order_id": world.order.pk, "actor": AGENT, "reason": "by hand", "now": world.at}


def _review(act: object) -> None:
    try:
        act()
    except operations.ReviewRefused as refusal:
        raise CantBeError(f"the desk refuses: {refusal.code}") from refusal
    except IntegrityError as refusal:
        raise CantBeError("the database refuses") from refusal


LOOKS = Event(Who.OURS, "look again", nothing)
AWAY = Event(Who.PROCESSOR, "is away while we look", faulty(down=True))
KEY = Event(Who.PROCESSOR, "refuses our key", faulty(key="expired"))
REFUND_THERE = Event(Who.DASHBOARD, "refunds all of it", refunds_there())
PART_THERE = Event(Who.DASHBOARD, "refunds $5.00 of it", refunds_there(500))
AGAIN = Event(Who.PROCESSOR, "takes the money a second time", charges_again)
WARNING = Event(Who.BANK, "warns of fraud", warns)
INQUIRY = Event(Who.BANK, "asks about the charge", disputes(inquiry=True))
DISPUTE = Event(Who.BANK, "takes the money back (a dispute)", disputes())
LOST = Event(Who.BANK, "rules for the customer", loses)
WON = Event(Who.BANK, "rules for us", decides("won"))
NO_CUSTOMER = Event(Who.DASHBOARD, "deletes the customer", deletes_customer)
DESK_REFUND = Event(Who.DESK, "refunds all that is kept", desk_refunds())
DESK_PART = Event(Who.DESK, "refunds $5.00", desk_refunds(500))
DESK_RECORDS = Event(Who.DESK, "records its bank transfer", desk_records_transfer)
DESK_SENT = Event(
    Who.DESK,
    "records that its bank transfer was sent already",
    partial(desk_records_transfer, anyway=True),
)
DESK_CANCELS = Event(
    Who.DESK,
    "cancels its bank transfer",
    lambda world: _transfer(operations.cancel_transfer, world, reason="No bank details came."),
)
DESK_RETURNS = Event(
    Who.DESK,
    "notes that its bank transfer came back",
    lambda world: _transfer(operations.return_transfer, world, reason="A closed account."),
)
ELEVEN_DAYS = Event(Who.TIME, "eleven days pass", passes(11 * DAY))
CARD = Event(Who.CUSTOMER, "pays by card", pays())
BAD_CARD = Event(Who.CUSTOMER, "tries a card that is declined", pays(DECLINED))
