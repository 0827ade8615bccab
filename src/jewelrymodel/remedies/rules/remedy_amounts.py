"""Whether a remedy has an amount of what its kind gives."""

from jewelrymodel.policy.decision import REFUNDS, RemedyKind
from jewelrymodel.remedies.assessments import Chosen


def has_its_amount(one: Chosen) -> bool:
    """Return whether a remedy gives what its kind does, and only that: money, credits, or neither.

    An approval of nothing would be mailed as one of something; the database says the same.
    """
    if one.kind in REFUNDS:
        return one.amount_minor > 0 and bool(one.currency) and not one.credits
    if one.kind in (RemedyKind.RESTORED_CREDITS, RemedyKind.REPLACEMENT_CREDITS):
        return one.credits > 0 and not one.amount_minor
    return not one.credits and not one.amount_minor
