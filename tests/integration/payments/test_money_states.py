"""Each cell of the tables under docs/states is driven: what they say is so."""

import os
from pathlib import Path

import pytest

from jewelrymodel.accounts.models import Membership
from tests.support.money_states.driver import drive
from tests.support.money_states.page import THINGS, page_of, section, sections
from tests.support.money_states.table import Thing
from tests.support.shop import Sandbox

WRITE_TO = os.environ.get("WRITE_MONEY_STATES", "")
"""Set by tools/money_states.py: a folder that takes all that was seen, instead of comparing it."""
WANTED = os.environ.get("MONEY_STATES", "").split("\n")
"""Set by it too: of which things or states, if not all."""
PARTS = 6  # all states take four minutes of a processor, a part of them forty seconds
STATES = [(thing, state) for thing in THINGS for state in thing.states]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Drive a part of the states, another one with each seed; all that it wants for the tool."""
    if "state" not in metafunc.fixturenames:
        return
    part = int(metafunc.config.getoption("randomly_seed", 0)) % PARTS
    chosen = [
        (thing, state)
        for place, (thing, state) in enumerate(STATES)
        if (not WRITE_TO and place % PARTS == part)
        or (WRITE_TO and (WANTED == [""] or {thing.name, f"{thing.name}-{state}"} & {*WANTED}))
    ]
    metafunc.parametrize(("thing", "state"), chosen, ids=[f"{t.name}-{s}" for t, s in chosen])


@pytest.mark.django_db
def test_what_the_page_says_is_so(
    sandbox: Sandbox, seller: Membership, thing: Thing, state: str
) -> None:
    cells = drive(sandbox, seller, thing, state, thing.events)
    seen = section(thing, state, cells)
    if WRITE_TO:
        (Path(WRITE_TO) / f"{thing.name}-{state}").write_text(seen, "utf-8")
    else:
        assert seen == sections(thing)[state], "run: python tools/money_states.py"


def test_the_pages_have_every_state_and_event_and_no_other() -> None:
    for thing in THINGS:
        parts = page_of(thing).read_text("utf-8").split("\n## ")[1:]
        names = [part.splitlines()[0] for part in parts]
        assert names == [f"{state[0].upper()}{state[1:]}" for state in thing.states]
        wanted = [f"| {event.who} | {event.what} |" for event in thing.events]
        for one in parts:
            rows = [line for line in one.splitlines() if line.startswith("| ")][2:]
            assert [line[: len(start)] for line, start in zip(rows, wanted, strict=True)] == wanted
            assert not [line for line in rows if "|  |" in line], "an empty cell"
