"""Which requests are about money, so that only who pays for an account reads them."""

import pytest

from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.support.categories import Category
from jewelrymodel.support.rules.about_money import is_about_money


@pytest.mark.parametrize(
    ("category", "subject", "expected"),
    [
        (Category.DUPLICATE, SubjectKind.ACCOUNT, True),
        (Category.FAILED_TASK, SubjectKind.TASK, False),
        (Category.OTHER, SubjectKind.ACCOUNT, False),
        (Category.OTHER, SubjectKind.ORDER, True),
    ],
)
def test_an_order_and_every_category_of_payments_is(
    category: Category, subject: SubjectKind, *, expected: bool
) -> None:
    assert is_about_money(category, subject) is expected
