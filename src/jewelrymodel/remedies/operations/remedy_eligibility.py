"""What a person may choose: a remedy has to fit what the request is about, and its size."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from jewelrymodel.infra import formats
from jewelrymodel.payments.operations import RefundTooLarge
from jewelrymodel.policy.decisions import REFUNDS, RemedyKind
from jewelrymodel.policy.facts import Value
from jewelrymodel.remedies import rules
from jewelrymodel.remedies.assessments import Assessment, Chosen, SubjectKind

MOST_CREDITS = 10_000
"""More at once is a slip of the finger."""
_NO_ORDER = _("There is no order here that could be added; say first which one it is about.")
_ADDED = _("What was bought is in the account already.")
_UNPAID = _("This order isn't paid, so there is nothing to add.")
_NOTHING = _("This remedy gives nothing. Say how much, or choose another one.")
_NO_CHARGE = _("Nothing was charged here that could be refunded.")
_DISPUTED = _(
    "The bank is disputing this charge, so it can't be refunded until the bank decides. Give "
    "credits, or decide after that."
)
_LOST = _("The bank took the money of this charge back, so nothing is left to refund.")
_REFUNDED = _(
    "All of the money of this charge was refunded already: %(amount)s. Give credits, or don't "
    "grant it."
)
_NOT_NOW = _(
    "The payment service refunds nothing of this charge now. Give credits, or ask at the payment "
    "service."
)
_NOT_USED = _("Only so many credits were used here: %(n)s. More can be given as replacement.")
_TOO_MANY = _("At most %(n)s credits are given at once.")


class RemedyUnfit(ValueError):
    """This remedy doesn't fit what the request is about. Nothing was done."""


def refuse_unfit(found: Assessment, chosen: Sequence[Chosen], *, by_hand: bool) -> None:
    """Return where every remedy fits and gives something; raises RemedyUnfit and RefundTooLarge.

    Each has its why. Of what a person chose *by_hand* credits are *restored* (8.1) up to what the
    job or the purchase used; what is kind beyond that is a *replacement* (8.2).
    """
    facts = {name: fact.value for name, fact in found.decision.facts.items()}
    money = any(one.kind in REFUNDS for one in chosen)
    if money and (why := why_no_refund(facts)):
        raise RemedyUnfit(why)
    if sum(one.amount_minor for one in chosen) > _number(facts, "charge.refundable_minor"):
        raise RefundTooLarge(RefundTooLarge.__doc__)
    for one in chosen:
        if not rules.gives_what_it_says(one):
            raise RemedyUnfit(_NOTHING)
        if one.kind is RemedyKind.ACCESS_CORRECTION:
            _refuse_delivery(found, facts)
        if not by_hand:  # computed from records: no slip of a finger
            continue
        if one.credits > MOST_CREDITS:
            raise RemedyUnfit(_TOO_MANY % {"n": MOST_CREDITS})
        if one.kind is RemedyKind.RESTORED_CREDITS and one.credits > (used := _used(facts)):
            raise RemedyUnfit(_NOT_USED % {"n": used})


def why_no_refund(facts: Mapping[str, Value]) -> str:
    """Return why nothing of the charge can be refunded now, and what can be done instead.

    Empty where something can. *facts* are an assessment's, by name.
    """
    if not facts.get("charge.currency"):
        return str(_NO_CHARGE)
    if _number(facts, "charge.refundable_minor") > 0:
        return ""
    if facts.get("charge.dispute") in ("open", "inquiry"):
        return str(_DISPUTED)
    if _number(facts, "charge.lost_minor") > 0:
        return str(_LOST)
    refunded = _number(facts, "charge.refunded_minor")
    if refunded >= _number(facts, "charge.paid_minor"):
        return str(_REFUNDED % {"amount": formats.money(refunded, str(facts["charge.currency"]))})
    return str(_NOT_NOW)


def _refuse_delivery(found: Assessment, facts: Mapping[str, Value]) -> None:
    if found.request.subject.kind is not SubjectKind.ORDER:
        raise RemedyUnfit(_NO_ORDER)
    if facts.get("purchase.delivered"):
        raise RemedyUnfit(_ADDED)
    if not facts.get("purchase.paid"):
        raise RemedyUnfit(_UNPAID)


def _used(facts: Mapping[str, Value]) -> int:
    """What the job cost or still keeps, else what was spent of the purchase."""
    names = ("task.captured_credits", "task.owed_credits", "lot.used_credits")
    return max(_number(facts, name) for name in names)


def _number(facts: Mapping[str, Value], name: str) -> int:
    return int(facts.get(name, 0))
