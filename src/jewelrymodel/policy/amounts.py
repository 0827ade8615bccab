"""The closed list of formulas: how much a remedy is, in minor units or whole credits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from jewelrymodel.kernel.money import Rounding, divide
from jewelrymodel.kernel.translation import gettext_noop as _
from jewelrymodel.policy.facts import Value

Amounts = Mapping[str, int]


class Loss(StrEnum):
    """What a formula makes good. A rule's name is its edition's; the loss stays the same."""

    CHARGE = "charge"
    OUTAGE = "outage"
    DELIVERY = "delivery"
    JOB = "job"
    FOUND = "found"

    @property
    def is_of_purchase(self) -> bool:
        """Whether it is the purchase's, also where a request is about a task that it paid for."""
        return self in (Loss.CHARGE, Loss.OUTAGE, Loss.DELIVERY)


@dataclass(frozen=True)
class Formula:
    """A named formula: what it reads and makes good, its unit, and what it computes.

    *revokes_credits*: the money is for credits; the rest of them can't be kept too.
    """

    name: str
    loss: Loss
    reads: tuple[str, ...]
    unit: str
    words: str
    compute: Callable[[Amounts], int]
    revokes_credits: bool = False


_CHARGE = ("charge.paid_minor", "charge.refunded_minor", "charge.lost_minor")
_OUTAGE = ("outage.minutes", "period.minutes")


def remaining(facts: Amounts) -> int:
    """Return what was paid and neither refunded nor lost; never below 0."""
    return max(0, facts[_CHARGE[0]] - facts[_CHARGE[1]] - facts[_CHARGE[2]])


def _part(whole: int, part: int, of: int) -> int:
    """The share of *whole*, rounded up: a fraction is the customer's."""
    return divide(whole * min(part, of), of, Rounding.UP) if of else 0


def _withdrawal_share(facts: Amounts) -> int:
    """What was paid, less the share of it for what was used, rounded down: a fraction is the
    buyer's (Directive 2011/83/EU, article 14(3): in proportion to what was supplied), less what
    went back before.
    """
    paid, granted = facts[_CHARGE[0]], facts["lot.granted_credits"]
    used = min(facts["lot.used_credits"], granted)
    owed = divide(paid * used, granted, Rounding.DOWN) if granted else 0
    return max(0, remaining(facts) - owed)


FORMULAS = {
    one.name: one
    for one in (
        Formula(
            "charge_remaining",
            Loss.CHARGE,
            _CHARGE,
            "minor",
            _("what you paid, less refunds and what your bank returned"),
            remaining,
            revokes_credits=True,
        ),
        Formula(
            "unused_share",
            Loss.CHARGE,
            (*_CHARGE, "lot.granted_credits", "lot.remaining_credits"),
            "minor",
            _(
                "what you paid, less refunds and what your bank returned, × unused ÷ granted "
                "credits, rounded up"
            ),
            lambda f: _part(remaining(f), f["lot.remaining_credits"], f["lot.granted_credits"]),
            revokes_credits=True,
        ),
        Formula(
            "withdrawal_share",
            Loss.CHARGE,
            (*_CHARGE, "lot.granted_credits", "lot.used_credits"),
            "minor",
            _(
                "what you paid, less the price of the credits you’ve used (what you paid × used ÷ "
                "granted credits, rounded down), refunds, and what your bank returned"
            ),
            _withdrawal_share,
            revokes_credits=True,
        ),
        Formula(
            "outage_share",
            Loss.OUTAGE,
            (*_CHARGE, *_OUTAGE),
            "minor",
            _(
                "what you paid, less refunds and what your bank returned, × outage ÷ billing "
                "period in minutes, rounded up"
            ),
            lambda f: _part(remaining(f), f["outage.minutes"], f["period.minutes"]),
        ),
        Formula(
            "outage_credits",
            Loss.OUTAGE,
            ("lot.granted_credits", *_OUTAGE),
            "credits",
            _("granted credits × outage ÷ billing period in minutes, rounded up"),
            lambda f: _part(f["lot.granted_credits"], f["outage.minutes"], f["period.minutes"]),
        ),
        Formula(
            "owed_credits",
            Loss.JOB,
            ("task.owed_credits",),
            "credits",
            _("credits charged for images not delivered"),
            lambda f: f["task.owed_credits"],
        ),
        Formula(
            "captured_credits",
            Loss.JOB,
            ("task.captured_credits",),
            "credits",
            _("credits charged for the generation"),
            lambda f: f["task.captured_credits"],
        ),
        Formula(
            "delivery",
            Loss.DELIVERY,
            (),
            "none",
            _("what was paid for is added to the account"),
            lambda _facts: 0,
        ),
        Formula(
            "as_found",
            Loss.FOUND,
            (),
            "none",
            _("as our team finds from the records"),
            lambda _facts: 0,
        ),
    )
}


def amounts_of(values: Mapping[str, Value]) -> dict[str, int]:
    """Return the facts that formulas may compute with: the whole numbers."""
    return {name: value for name, value in values.items() if type(value) is int}
