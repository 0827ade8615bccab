"""A Merkle sum tree: one digest of many balances, and their sum, which no part can be left out of.

A node's digest covers its children's digests and their credits, so that whoever proves one balance
inside the root proves that it is counted in the root's sum (Maxwell and Todd's summation tree, for
proofs of liabilities). Leaves and nodes are hashed under different first bytes (RFC 6962, 2.1).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from jewelrymodel.kernel.errors import CodedError

_LEAF, _NODE = b"\x00", b"\x01"
_BYTES = 8
MOST_CREDITS = 2 ** (8 * _BYTES - 1) - 1


class CreditsOutOfRange(CodedError):
    """Credits of a node are negative, or more than a node can say."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree: its SHA-256, and the credits of all leaves below it."""

    digest: bytes
    credits: int


@dataclass(frozen=True, slots=True)
class Sibling:
    """The node beside one's own on the way to the root."""

    is_left: bool
    node: Node


def leaf(content: bytes, amount: int) -> Node:
    """Return the leaf of what *content* says, with *amount* credits. Raises CreditsOutOfRange."""
    return Node(hashlib.sha256(_LEAF + _number(amount) + content).digest(), amount)


def parent(left: Node, right: Node) -> Node:
    """Return the node above two. Raises CreditsOutOfRange."""
    amount = left.credits + right.credits
    said = _NODE + left.digest + _number(left.credits) + right.digest + _number(right.credits)
    _number(amount)
    return Node(hashlib.sha256(said).digest(), amount)


def levels(leaves: Sequence[Node]) -> list[list[Node]]:
    """Return the tree over one leaf or more, from its leaves to its root.

    The last node of an odd level goes up as it is: doubled, it would be counted twice.
    """
    rows = [list(leaves)]
    while len(rows[-1]) > 1:
        row = rows[-1]
        above = [parent(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        rows.append(above + row[len(above) * 2 :])
    return rows


def path(rows: Sequence[Sequence[Node]], index: int) -> list[Sibling]:
    """Return what has to be known to come from the leaf *index* to the root, lowest first."""
    found = []
    for row in rows[:-1]:
        beside = index ^ 1
        if beside < len(row):
            found.append(Sibling(beside < index, row[beside]))
        index //= 2
    return found


def root_above(node: Node, siblings: Sequence[Sibling]) -> Node:
    """Return the root that a leaf and its path lead to. Raises CreditsOutOfRange."""
    for one in siblings:
        node = parent(one.node, node) if one.is_left else parent(node, one.node)
    return node


def _number(amount: int) -> bytes:
    if not 0 <= amount <= MOST_CREDITS:
        raise CreditsOutOfRange(amount=amount)
    return amount.to_bytes(_BYTES, "big")
