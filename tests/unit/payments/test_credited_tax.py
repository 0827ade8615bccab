"""The tax that a refund takes back: in parts it adds up to the whole."""

import pytest

from jewelrymodel.payments.rules.credited_tax import Share, credited_tax


def test_half_takes_half_of_each_line() -> None:
    share = credited_tax(
        amount_minor=2000,
        total_minor=4000,
        credited_minor=0,
        tax_minor=600,
        credited_tax_minor=0,
        left_by_line=(400, 200),
    )
    assert share == Share(300, (200, 100))


@pytest.mark.parametrize("parts", [(1, 1, 4639), (1547, 1547, 1547), (4641,)])
def test_all_parts_together_are_the_whole(parts: tuple[int, ...]) -> None:
    left, credited, taxed = [500, 241], 0, 0
    for part in parts:
        share = credited_tax(
            amount_minor=part,
            total_minor=4641,
            credited_minor=credited,
            tax_minor=741,
            credited_tax_minor=taxed,
            left_by_line=left,
        )
        assert sum(share.lines_minor) == share.tax_minor
        left = [one - given for one, given in zip(left, share.lines_minor, strict=True)]
        credited, taxed = credited + part, taxed + share.tax_minor
    assert (credited, taxed, left) == (4641, 741, [0, 0])


def test_lines_of_which_nothing_is_left_give_nothing() -> None:
    share = credited_tax(
        amount_minor=100,
        total_minor=4641,
        credited_minor=4541,
        tax_minor=741,
        credited_tax_minor=741,
        left_by_line=(0, 0),
    )
    assert share == Share(0, (0, 0))


def test_without_lines_there_is_only_the_sum() -> None:
    share = credited_tax(
        amount_minor=1000,
        total_minor=2000,
        credited_minor=0,
        tax_minor=300,
        credited_tax_minor=0,
        left_by_line=(),
    )
    assert share == Share(150, ())
