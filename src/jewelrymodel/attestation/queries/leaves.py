"""The tree of an attestation, built again from what was kept of it."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from jewelrymodel.attestation.rules import proof_file, sum_tree
from jewelrymodel.attestation.rules.history import History
from jewelrymodel.attestation.rules.sum_tree import Node

_HISTORIES = """
SELECT DISTINCT ON (account_id) account_id, count, head, available, held, suspended
FROM attestation_account_history WHERE attestation_id <= %s
ORDER BY account_id, attestation_id DESC
"""
_OF_NOBODY = sum_tree.leaf(b"no account has a record yet", 0)


@dataclass(frozen=True)
class Tree:
    """All levels of a tree, and where each account's leaf is."""

    levels: list[list[Node]]
    places: dict[str, int]

    @property
    def root(self) -> Node:
        """The node above all others."""
        return self.levels[-1][0]


def tree_of(number: int) -> Tree:
    """Return the tree of attestation *number*, all accounts' histories until then.

    Its leaves lie in the order of their salts, so that nobody's neighbor tells who it is.
    """
    secret = settings.SIGNING_KEY.encode()
    with connection.cursor() as cursor:
        cursor.execute(_HISTORIES, [number])
        rows = [
            (proof_file.salt(secret, number=number, account_id=account_id), account_id, history)
            for account_id, *history in cursor
        ]
    rows.sort()
    leaves = []
    for salt, account_id, (count, head, *balance) in rows:
        history = History(count, bytes(head), *balance)
        leaves.append(proof_file.leaf_of(history, account_id=account_id, salt=salt))
    places = {account_id: at for at, (_, account_id, _) in enumerate(rows)}
    return Tree(sum_tree.levels(leaves or [_OF_NOBODY]), places)
