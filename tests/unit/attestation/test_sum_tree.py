"""One balance is proven inside the sum of all, and no tree hides or adds credits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.attestation.rules import sum_tree
from jewelrymodel.attestation.rules.sum_tree import (
    MOST_CREDITS,
    CreditsOutOfRange,
    Node,
    Sibling,
)

BALANCES = st.lists(st.integers(0, 10**6), min_size=1, max_size=70)


def _tree(balances: list[int]) -> list[list[Node]]:
    return sum_tree.levels([sum_tree.leaf(b"%d" % at, one) for at, one in enumerate(balances)])


@given(BALANCES)
def test_every_leaf_leads_to_the_root_with_the_sum_of_all(balances: list[int]) -> None:
    rows = _tree(balances)
    (root,) = rows[-1]
    assert root.credits == sum(balances)
    for at, leaf in enumerate(rows[0]):
        assert sum_tree.root_above(leaf, sum_tree.path(rows, at)) == root


@given(BALANCES, st.data())
def test_another_balance_or_place_leads_elsewhere(balances: list[int], data: st.DataObject) -> None:
    rows = _tree(balances)
    at = data.draw(st.integers(0, len(balances) - 1))
    path = sum_tree.path(rows, at)
    richer = sum_tree.leaf(b"%d" % at, balances[at] + 1)
    assert sum_tree.root_above(richer, path).digest != rows[-1][0].digest
    if path:
        first = Sibling(not path[0].is_left, path[0].node)
        assert sum_tree.root_above(rows[0][at], [first, *path[1:]]) != rows[-1][0]


def test_an_odd_one_is_not_counted_twice() -> None:
    assert [len(row) for row in _tree([1, 2, 3, 4, 5])] == [5, 3, 2, 1]
    assert _tree([1, 2, 3])[-1][0].credits == 6


def test_a_node_of_nodes_is_no_leaf() -> None:
    left, right = sum_tree.leaf(b"a", 1), sum_tree.leaf(b"b", 2)
    whole = sum_tree.parent(left, right)
    said = left.digest + (1).to_bytes(8, "big") + right.digest + (2).to_bytes(8, "big")
    assert sum_tree.leaf(said, 3).digest != whole.digest


@pytest.mark.parametrize("amount", [-1, MOST_CREDITS + 1])
def test_credits_below_nothing_or_beyond_a_node_are_refused(amount: int) -> None:
    with pytest.raises(CreditsOutOfRange):
        sum_tree.leaf(b"", amount)
    with pytest.raises(CreditsOutOfRange):
        sum_tree.parent(Node(b"\0" * 32, 1), Node(b"\0" * 32, amount - 1 if amount > 0 else -2))
