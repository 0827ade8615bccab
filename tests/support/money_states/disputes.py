"""Disputes: what a bank says of a charge."""

from tests.support.bank import API
from tests.support.money_states import acts
from tests.support.money_states.charges import uses
from tests.support.money_states.orders import delivered
from tests.support.money_states.sight import dispute_states
from tests.support.money_states.table import Act, Event, Thing, Who
from tests.support.money_states.world import CantBeError, World

UNANSWERED = "product_not_received"


def _answers(world: World) -> None:
    """Evidence is sent at the processor's dashboard."""
    found = world.get("disputes?limit=1")["data"]
    if not found:
        raise CantBeError("nothing is disputed")
    sent = {"evidence[uncategorized_text]": "Delivered.", "submit": "true"}
    path = f"/v1/disputes/{found[0]['id']}"
    answer = world.sandbox.http.post(path, data=sent, headers=API)
    if answer.status_code >= 400:
        raise CantBeError("the processor refuses it: this dispute takes no evidence now")


def _after(*acts_before: Act, inquiry: bool = False, reason: str = "fraudulent") -> Act:
    def state(world: World) -> None:
        delivered(world)
        uses(30)(world)
        world.settle()
        for act in (acts.disputes(inquiry=inquiry, reason=reason), *acts_before):
            act(world)
            world.settle()

    return state


def _outcome(outcome: str, words: str) -> Event:
    return Event(Who.BANK, words, acts.decides(outcome))


DISPUTES = Thing(
    "disputes",
    "Disputes",
    "A dispute of a credit pack ($39.00, 100 credits, 30 of them used), told by a bank as fraud.",
    {
        "inquiry": _after(inquiry=True),
        "inquiry, answered": _after(_answers, inquiry=True),
        "inquiry closed": _after(acts.decides("warning_closed"), inquiry=True),
        "needs response": _after(),
        "needs response, resolvable here": _after(reason=UNANSWERED),
        "under review": _after(_answers),
        "of a status that we don’t know": _after(acts.says("disputes", "sideways")),
        "prevented": _after(acts.decides("prevented")),
        "won": _after(acts.decides("won")),
        "lost": _after(acts.decides("lost")),
        "appealed": _after(acts.decides("lost"), acts.decides("appealed")),
    },
    (
        acts.LOOKS,
        acts.AWAY,
        acts.KEY,
        Event(Who.DASHBOARD, "sends evidence", _answers),
        Event(Who.DASHBOARD, "appeals", acts.decides("appealed")),
        _outcome("escalated", "makes a dispute of its inquiry"),
        _outcome("warning_closed", "closes its inquiry"),
        _outcome("prevented", "says that it was prevented"),
        acts.WON,
        _outcome("lost", "rules for the customer"),
        acts.REFUND_THERE,
        acts.PART_THERE,
        acts.DESK_REFUND,
        acts.NO_CUSTOMER,
        acts.ELEVEN_DAYS,
    ),
    dispute_states,
)
