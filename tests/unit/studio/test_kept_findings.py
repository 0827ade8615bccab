"""What is kept of the last few small arrays: findings and refusals, by content."""

import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.kept_findings import kept
from jewelrymodel.studio.messages import ViewProblem
from jewelrymodel.studio.render_request import ViewRefused


def counted() -> tuple[list[int], object]:
    asked: list[int] = []

    @kept
    def find(array: Bytes) -> int:
        asked.append(int(array[0, 0]))
        if array[0, 0] == 9:
            raise ViewRefused(ViewProblem.NO_OPENING)
        return int(array.sum())

    return asked, find


def test_the_same_content_is_asked_once() -> None:
    asked, find = counted()
    assert callable(find)
    one = np.full((4, 4), 2, np.uint8)
    assert [find(one), find(one.copy()), find(np.asfortranarray(one))] == [32, 32, 32]
    one[0, 0] = 3
    assert find(one) == 33
    assert find(np.full((2, 8), 2, np.uint8)) == 32
    assert asked == [2, 3, 2]


def test_a_refusal_is_kept_and_the_oldest_finding_is_not() -> None:
    asked, find = counted()
    assert callable(find)
    for value in (9, 9, 1, 2, 3, 4, 9):
        array = np.full((2, 2), value, np.uint8)
        if value == 9:
            with pytest.raises(ViewRefused) as refused:
                find(array)
            assert refused.value.message.code is ViewProblem.NO_OPENING
        else:
            assert find(array) == 4 * value
    assert asked == [9, 1, 2, 3, 4, 9]


def test_large_arrays_are_not_kept() -> None:
    asked, find = counted()
    assert callable(find)
    large = np.ones((2000, 2000), np.uint8)
    assert find(large) == find(large) == 4_000_000
    assert asked == [1, 1]
