"""Driving: each state once, each event from there, and everything as it was before the next."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core import mail
from django.db import transaction

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.ledger import queries as ledger
from tests.support.money_states.sight import Sight, see
from tests.support.money_states.table import Event, Thing
from tests.support.money_states.world import CantBeError, World
from tests.support.shop import Sandbox

Cells = dict[str, Sight | str]
"""By the event: what is so after it, or why it can't be."""


class _BackError(Exception):
    """Make the database as it was."""


def drive(
    sandbox: Sandbox, seller: Membership, thing: Thing, state: str, events: Iterable[Event]
) -> Cells:
    """Return what follows from each of these events where it happens to a *thing* in *state*."""
    world = World(sandbox, seller=seller)
    world.faults(drop_webhooks=-1)  # they are listed all the same, and told in order
    with world.present():
        thing.states[state](world)
        if state not in thing.fleeting:
            world.settle()
    world.deafen()
    sandbox.panel("save")
    cells: Cells = {}
    for event in events:
        with _undone(world):
            cells[event.name] = _one(world, thing, event)
    return cells


def _one(world: World, thing: Thing, event: Event) -> Sight | str:
    mails_before = len(mail.outbox)
    with world.present():
        try:
            event.act(world)
        except CantBeError as why:
            return str(why)
        except CodedError as refusal:
            return f"refused here: {refusal.code}"
        world.settle()
        assert not ledger.verify()
        return see(world, thing.state(world), mails_before=mails_before)


@contextmanager
def _undone(world: World) -> Iterator[None]:
    at, heard = world.at, set(world.heard)
    world.sandbox.panel("restore")
    try:
        with transaction.atomic():
            yield
            raise _BackError
    except _BackError:
        world.at, world.heard = at, heard
