"""When something fails unusually often: few attempts prove nothing, and a usual rate is no news."""

import pytest

from jewelrymodel.incidents.rules.failure_rates import Counts, is_unusual


@pytest.mark.parametrize(
    ("window", "usual", "unusual"),
    [
        (Counts(10, 10), Counts(0, 0), True),
        (Counts(12, 6), Counts(1000, 20), True),
        (Counts(100, 25), Counts(5000, 100), True),
        (Counts(9, 9), Counts(1000, 0), False),
        (Counts(1000, 4), Counts(1000, 0), False),
        (Counts(100, 19), Counts(10_000, 10), False),
        (Counts(20, 8), Counts(1000, 300), False),
        (Counts(10, 5), Counts(30, 10), False),
        (Counts(10, 5), Counts(200, 30), False),
        (Counts(0, 0), Counts(0, 0), False),
    ],
)
def test_what_is_unusual(window: Counts, usual: Counts, unusual: bool) -> None:
    assert is_unusual(window, usual) is unusual
