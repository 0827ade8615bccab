"""What an exception of ours carries."""

import copy
from enum import StrEnum

import pytest

from jewelrymodel.kernel.errors import CodedError


class RefundTooLarge(CodedError):
    """Its name is its code."""


class Unfit(StrEnum):
    EMPTY = "empty"
    LOST = "lost"


class RemedyUnfit(CodedError):
    """One of several reasons."""

    codes = Unfit


class RemedyStillUnfit(RemedyUnfit):
    """A kind of another, with a code of its own."""


def test_the_code_is_the_name_of_the_class() -> None:
    assert RefundTooLarge.code == "refund_too_large"
    assert list(RefundTooLarge.codes) == ["refund_too_large"]
    assert RemedyStillUnfit.code == "remedy_still_unfit"
    assert RefundTooLarge().params == {}


def test_a_class_with_several_reasons_carries_the_one_that_was_raised() -> None:
    with pytest.raises(RemedyUnfit) as refused:
        raise RemedyUnfit(Unfit.LOST, charge="ch_1")
    assert (refused.value.code, refused.value.params) == ("lost", {"charge": "ch_1"})
    assert list(RemedyUnfit.codes) == ["empty", "lost"]


def test_a_log_reads_the_code_and_its_facts() -> None:
    assert str(RefundTooLarge()) == "refund_too_large"
    assert str(RefundTooLarge(left=5, note="")) == "refund_too_large: left=5"
    assert str(RemedyUnfit(Unfit.EMPTY, n=0)) == "empty: n=0"


def test_a_copy_is_whole() -> None:
    again = copy.copy(RemedyUnfit(Unfit.LOST, charge="ch_1"))
    assert (again.code, again.params) == ("lost", {"charge": "ch_1"})
