"""What may come of a purchase, as facts that are supposed before anybody pays.

Each situation is a request that could be made later, on facts as our records would give them then:
all look-ups done, nothing disputed, nothing refunded before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jewelrymodel.policy.facts import Value

DAY_MINUTES = 24 * 60
_LOOKED_UP: dict[str, Value] = {
    "request.identity_level": 3,
    "error.verified": False,
    "account.closed": False,
    "history.decided_by_person": False,
    "lookup.account_history": True,
    "lookup.payment_records": True,
    "lookup.technical_logs": True,
    "lookup.law": True,
}


class Situation(StrEnum):
    """What may come: the name under which a promise says it."""

    UNDELIVERED = "undelivered"
    CHARGED_TWICE = "charged_twice"
    CANCELED = "canceled"
    CHARGED_AFTER_CANCEL = "charged_after_cancel"
    OUTAGE_DAY = "outage_day"
    HALF_UNUSED = "half_unused"
    CHANGED_MIND = "changed_mind"
    JOB_FAILED = "job_failed"
    IMAGE_MISSING = "image_missing"
    IMAGE_BROKEN = "image_broken"
    IMAGE_DISLIKED = "image_disliked"


@dataclass(frozen=True)
class Hypothesis:
    """A situation and the facts that are supposed in it."""

    situation: Situation
    facts: Mapping[str, Value]


@dataclass(frozen=True)
class Buyer:
    """Who would ask: as what they buy, whose law holds, and what a machine may refund by then."""

    capacity: str
    jurisdiction: str
    machine_limit_minor: int
    second_approval_limit_minor: int

    def facts(self) -> dict[str, Value]:
        """Return what every situation of theirs supposes."""
        return {
            **_LOOKED_UP,
            "buyer.capacity": self.capacity,
            "buyer.jurisdiction": self.jurisdiction,
            "limit.machine_minor": self.machine_limit_minor,
            "limit.second_person_minor": self.second_approval_limit_minor,
        }


@dataclass(frozen=True)
class Offer:
    """What is about to be bought; *period_minutes* only of a plan: its first month's."""

    kind: str
    price_minor: int
    currency: str
    credits: int
    legal_class: str
    checkout_terms: str
    period_minutes: int = 0


def of_purchase(offer: Offer, buyer: Buyer) -> tuple[Hypothesis, ...]:
    """Return what may come of a purchase, in the order in which a page shows it."""
    return of_plan(offer, buyer) if offer.kind == "subscription" else _of_package(offer, buyer)


def of_plan(offer: Offer, buyer: Buyer) -> tuple[Hypothesis, ...]:
    """Return what may come of a plan and its paid month."""
    bought = _bought(offer, buyer)
    outage: dict[str, Value] = {"outage.minutes": DAY_MINUTES}
    outage["period.minutes"] = max(offer.period_minutes, DAY_MINUTES)
    return (
        _nothing_arrived(bought),
        *of_cancellation(offer, buyer),
        _supposed(Situation.OUTAGE_DAY, "outage", bought, outage),
        _charged_twice(bought),
    )


def of_change(offer: Offer, buyer: Buyer) -> tuple[Hypothesis, ...]:
    """Return what may come of paying the difference to a larger plan, for the rest of a month."""
    whole = of_plan(offer, buyer)
    return tuple(one for one in whole if one.situation is not Situation.CHARGED_AFTER_CANCEL)


def of_cancellation(
    offer: Offer, buyer: Buyer, renewal: Offer | None = None
) -> tuple[Hypothesis, ...]:
    """Return what may come of canceling a plan in a month that was paid and delivered; *renewal* is
    what it would renew as, where that is another plan.
    """
    canceled: dict[str, Value] = {"purchase.canceled": True}
    after = {**canceled, "purchase.charged_after_cancel": True, **_undelivered()}
    bought, renewed = _bought(offer, buyer), _bought(renewal or offer, buyer)
    return (
        _supposed(Situation.CANCELED, "changed_mind", bought, canceled),
        _supposed(Situation.CHARGED_AFTER_CANCEL, "charged_after_cancel", renewed, after),
    )


def of_generation(*, prices: Sequence[int], buyer: Buyer) -> tuple[Hypothesis, ...]:
    """Return what may come of a generation; *prices* are its images', in credits, at least one."""
    images, held = len(prices), sum(prices)
    ordered: dict[str, Value] = {**buyer.facts(), "task.ordered_images": images}
    all_made = _made(images, captured=held, owed=0)
    failed = {**_made(0, captured=0, owed=held), "task.status": "failed"}
    one_less = _made(images - 1, captured=held, owed=max(prices))
    ground = "failed_task"
    some = [_supposed(Situation.JOB_FAILED, ground, ordered, failed)]
    if images > 1:
        some.append(_supposed(Situation.IMAGE_MISSING, ground, ordered, one_less))
    else:
        broken: dict[str, Value] = {**all_made, "task.sound": False}
        some.append(_supposed(Situation.IMAGE_BROKEN, ground, ordered, broken))
    return (*some, _supposed(Situation.IMAGE_DISLIKED, "style", ordered, all_made))


def _of_package(offer: Offer, buyer: Buyer) -> tuple[Hypothesis, ...]:
    bought = _bought(offer, buyer)
    half: dict[str, Value] = {
        "lot.remaining_credits": offer.credits // 2,
        "lot.used_credits": offer.credits - offer.credits // 2,
    }
    return (
        _nothing_arrived(bought),
        _charged_twice(bought),
        _supposed(Situation.HALF_UNUSED, "unused", bought, half),
        _supposed(Situation.CHANGED_MIND, "changed_mind", bought),
    )


def _bought(offer: Offer, buyer: Buyer) -> dict[str, Value]:
    """Paid once, delivered, nothing of it used, nothing refunded or disputed."""
    return {
        **buyer.facts(),
        "purchase.kind": offer.kind,
        "purchase.paid": True,
        "purchase.held": False,
        "purchase.delivered": True,
        "purchase.canceled": False,
        "purchase.charged_after_cancel": False,
        "purchase.duplicate": "none",
        "purchase.duplicate_overused_credits": 0,
        "purchase.checkout_terms": offer.checkout_terms,
        "purchase.legal_class": offer.legal_class,
        "charge.paid_minor": offer.price_minor,
        "charge.refunded_minor": 0,
        "charge.lost_minor": 0,
        "charge.refundable_minor": offer.price_minor,
        "charge.dispute": "none",
        "charge.currency": offer.currency,
        "lot.granted_credits": offer.credits,
        "lot.remaining_credits": offer.credits,
        "lot.used_credits": 0,
    }


def _undelivered() -> dict[str, Value]:
    granted: dict[str, Value] = {
        f"lot.{name}_credits": 0 for name in ("granted", "remaining", "used")
    }
    return granted | {"purchase.delivered": False}


def _nothing_arrived(bought: Mapping[str, Value]) -> Hypothesis:
    """The message of the payment was lost, so that no charge is in our records yet."""
    known = {name: value for name, value in bought.items() if not name.startswith("charge.")}
    return _supposed(Situation.UNDELIVERED, "undelivered", known, _undelivered())


def _charged_twice(bought: Mapping[str, Value]) -> Hypothesis:
    twice: dict[str, Value] = {"purchase.duplicate": "certain"}
    return _supposed(Situation.CHARGED_TWICE, "duplicate", bought, twice)


def _made(images: int, *, captured: int, owed: int) -> dict[str, Value]:
    return {
        "task.status": "succeeded",
        "task.delivered_images": images,
        "task.damaged_images": 0,
        "task.captured_credits": captured,
        "task.owed_credits": owed,
        "task.sound": True,
    }


def _supposed(
    situation: Situation,
    ground: str,
    bought: Mapping[str, Value],
    changes: Mapping[str, Value] | None = None,
) -> Hypothesis:
    return Hypothesis(situation, {**bought, **(changes or {}), "request.ground": ground})
