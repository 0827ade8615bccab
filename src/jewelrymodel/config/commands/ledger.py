"""``jewelrymodel ledger verify``: do the books follow from what happened?"""

import sys

from jewelrymodel.infra import clock
from jewelrymodel.ledger import operations


def verify(*, newest: bool) -> int:
    """Print what disagrees, row by row; return 1 when anything does, else 0.

    *newest* looks at what was written since the books were last found right. What is looked at
    goes to the error stream.
    """
    check = operations.verify_newest if newest else operations.verify
    disagreements = check(machine_now=clock.real_now(), say=_say)
    for disagreement in disagreements:
        print(disagreement)
    if disagreements:
        print(f"{len(disagreements)} disagreements; nothing was changed.")
        return 1
    print("The books agree with their transfers and hold lines.")
    return 0


def _say(what: str) -> None:
    print(f"looking at {what} …", file=sys.stderr, flush=True)
