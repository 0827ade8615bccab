"""Which requests are about money: those are for who pays for an account."""

from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.support.categories import ABOUT_A_TASK, Category

FOR_ALL = (*ABOUT_A_TASK, Category.OUTAGE, Category.OTHER)
"""What every member may ask about, as long as it names no order."""


def is_about_money(category: str, subject_kind: str) -> bool:
    """Return whether a request, or its decision, is about a payment."""
    return subject_kind == SubjectKind.ORDER or category not in FOR_ALL
