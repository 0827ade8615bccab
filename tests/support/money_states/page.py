"""The pages under docs/states, as the tables are written there."""

from collections.abc import Mapping
from pathlib import Path

from tests.support.money_states.charges import CHARGES
from tests.support.money_states.disputes import DISPUTES
from tests.support.money_states.driver import Cells
from tests.support.money_states.orders import ORDERS
from tests.support.money_states.refunds import REFUNDS
from tests.support.money_states.sight import Sight
from tests.support.money_states.subscriptions import SUBSCRIPTIONS
from tests.support.money_states.table import Event, Thing

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "states"
THINGS = (ORDERS, CHARGES, SUBSCRIPTIONS, REFUNDS, DISPUTES)
HEAD = """# {title}: what happens in each state

{about}

Made by `tools/money_states.py`: each line was driven at the [sandbox](../sandbox.md), and tests
drive it again. It says what is so after the event, what it wakes here, and the next hour’s checks:
the state, the money of all charges, the account’s credits, which emails the customer gets, and what
is at the desk: requests and cases of checks, disputes, alarms, and which acts its operations
accept. Of an event that can’t be, it says why. What the words mean: [checkout](../checkout.md),
[money](../money.md), [requests](../requests.md).
"""
COLUMNS = ("Who", "What", "State then", "Money", "Credits", "Emails", "At the desk")


def page_of(thing: Thing) -> Path:
    """Where a thing's page is."""
    return FOLDER / f"{thing.name}.md"


def section(thing: Thing, state: str, cells: Cells) -> str:
    """Return the part of a thing's page about one state."""
    head = [f"## {state[0].upper()}{state[1:]}", "", _line(COLUMNS), _line(["---"] * len(COLUMNS))]
    rows = [row(event, cells[event.name]) for event in thing.events]
    return "\n".join([*head, *rows, ""])


def sections(thing: Thing) -> dict[str, str]:
    """Return the parts of a thing's page as they are, by the state that each is about."""
    page = page_of(thing)
    parts = page.read_text("utf-8").split("\n## ")[1:] if page.exists() else []
    by_title = {part.splitlines()[0]: f"## {part.rstrip()}\n" for part in parts}
    titles = {state: f"{state[0].upper()}{state[1:]}" for state in thing.states}
    return {state: by_title[name] for state, name in titles.items() if name in by_title}


def written(thing: Thing, sections: Mapping[str, str]) -> str:
    """Return a thing's page, with a section for each of its states."""
    head = HEAD.format(title=thing.title, about=thing.about)
    return "\n".join([head, *(sections[state] for state in thing.states)])


def row(event: Event, cell: Sight | str) -> str:
    """Return the line of one event."""
    if isinstance(cell, str):
        return _line([event.who, event.what, f"can’t be: {cell}", *["–"] * 4])
    seen = [cell.state, cell.money, cell.credits, cell.told, cell.desk]
    return _line([event.who, event.what, *seen])


def _line(cells: tuple[str, ...] | list[str]) -> str:
    assert all(cells), cells
    return f"| {' | '.join(cells)} |"
