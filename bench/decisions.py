"""Decisions per second, beside a plain look-up of the same facts in the same run.

Run with ``python bench/decisions.py [seconds]``: no database, one thread. The ratio says what the
calculus costs: every rule of the shipped edition is tried on every decision.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import jewelrymodel
from jewelrymodel.policy.edition_reader import load_editions
from jewelrymodel.policy.facts import Fact
from jewelrymodel.policy.rule_evaluation import decide

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TERMS = Path(jewelrymodel.__file__).parent / "terms/refund"


def per_second(call: Callable[[], object], seconds: float) -> float:
    """Return how often *call* ran in a second, over about *seconds*."""
    times, started_s = 0, time.perf_counter()
    while time.perf_counter() - started_s < seconds:
        call()
        times += 1
    return times / (time.perf_counter() - started_s)


def main() -> None:
    """Print both figures and their ratio."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    began_s = time.perf_counter()
    editions = load_editions(TERMS, {"brand": "B", "support_email": "s@b.example"})
    loaded_s = time.perf_counter() - began_s
    values = {**editions[0].usual, "request.ground": "duplicate", "purchase.duplicate": "certain"}
    facts = {name: Fact(value, "bench", NOON) for name, value in values.items()}
    decisions = per_second(
        lambda: decide(facts, editions, purchased_at=NOON, requested_at=NOON), seconds
    )
    looked_up = per_second(lambda: [facts[name].value for name in values], seconds)
    print(f"editions loaded and proven in {loaded_s:.2f} s")
    print(f"decisions: {decisions:,.0f}/s; reading the same facts: {looked_up:,.0f}/s")
    print(f"ratio 1:{looked_up / decisions:.0f}")


if __name__ == "__main__":
    main()
