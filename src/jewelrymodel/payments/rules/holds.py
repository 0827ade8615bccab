"""Why an order is held: a code with the parameters of its sentence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from jewelrymodel.payments.statuses import HoldReason

Detail = Mapping[str, str | int]


@dataclass(frozen=True)
class Hold:
    """A reason for a person to look; `detail` holds amounts in minor units with their currency, or
    the number of another order.
    """

    reason: HoldReason
    detail: Detail = field(default_factory=dict)

    @property
    def stored(self) -> str:
        """One line, as the audit record keeps it."""
        return f"{self.reason.value} {json.dumps(dict(self.detail), sort_keys=True)}"


def amount_hold(
    reason: HoldReason, charged: tuple[int, str], expected: tuple[int, str]
) -> Hold | None:
    """Return the hold of another amount than was expected, each in minor units with its currency;
    None where they are the same.
    """
    if charged == expected:
        return None
    names = ("charged_minor", "charged_currency", "expected_minor", "expected_currency")
    return Hold(reason, dict(zip(names, (*charged, *expected), strict=True)))
