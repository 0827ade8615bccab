"""What a person may choose: a remedy has to fit what the request is about, and its size."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from jewelrymodel.payments.operations import RefundTooLarge
from jewelrymodel.policy.decisions import RemedyKind
from jewelrymodel.policy.facts import Value
from jewelrymodel.remedies.values import Assessment, Chosen, SubjectKind

MOST_CREDITS = 10_000
"""More at once is a slip of the finger."""
_NO_ORDER = _("There is no order here that could be added; say first which one it is about.")
_ADDED = _("What was bought is in the account already.")
_NOT_USED = _("Only so many credits were used here: %(n)s. More can be given as replacement.")
_TOO_MANY = _("At most %(n)s credits are given at once.")


class RemedyUnfit(ValueError):
    """This remedy doesn't fit what the request is about. Nothing was done."""


def refuse_unfit(found: Assessment, chosen: Sequence[Chosen]) -> None:
    """Return where every remedy fits; raises RemedyUnfit and RefundTooLarge, each with its why.

    Credits are *restored* (8.1) up to what the job or the purchase used; what is kind beyond that
    is a *replacement* (8.2).
    """
    facts = {name: fact.value for name, fact in found.decision.facts.items()}
    if sum(one.amount_minor for one in chosen) > _number(facts, "charge.refundable_minor"):
        raise RefundTooLarge(RefundTooLarge.__doc__)
    for one in chosen:
        if one.credits > MOST_CREDITS:
            raise RemedyUnfit(_TOO_MANY % {"n": MOST_CREDITS})
        if one.kind is RemedyKind.ACCESS_CORRECTION:
            _refuse_delivery(found, facts)
        if one.kind is RemedyKind.RESTORED_CREDITS and one.credits > (used := _used(facts)):
            raise RemedyUnfit(_NOT_USED % {"n": used})


def _refuse_delivery(found: Assessment, facts: dict[str, Value]) -> None:
    if found.request.subject.kind is not SubjectKind.ORDER:
        raise RemedyUnfit(_NO_ORDER)
    if facts.get("purchase.delivered"):
        raise RemedyUnfit(_ADDED)


def _used(facts: dict[str, Value]) -> int:
    """What the job cost or still keeps, else what was spent of the purchase."""
    names = ("task.captured_credits", "task.owed_credits", "lot.used_credits")
    return max(_number(facts, name) for name in names)


def _number(facts: dict[str, Value], name: str) -> int:
    return int(facts.get(name, 0))
