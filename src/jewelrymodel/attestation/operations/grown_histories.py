"""Each account's chain, taken up where the last attestation left it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection

from jewelrymodel.attestation.rules.history import History

_AT_ONCE = 2_000
_LAST = """
SELECT DISTINCT ON (account_id) account_id, count, head, available, held, suspended
FROM attestation_account_history WHERE account_id = ANY(%s)
ORDER BY account_id, attestation_id DESC
"""

AccountRecord = tuple[str, dict[str, Any]]
"""The id of an account, and a record of it."""


def grown_histories(records: Iterable[AccountRecord]) -> dict[str, History]:
    """Return the history of each account that has one of *records*, with these after it."""
    found: dict[str, History] = {}
    for some in _batches(records):
        found |= _last({account_id for account_id, _ in some} - found.keys())
        for account_id, record in some:
            found[account_id] = found[account_id].followed_by(record)
    return found


def _batches(records: Iterable[AccountRecord]) -> Iterator[list[AccountRecord]]:
    left = iter(records)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _last(account_ids: set[str]) -> dict[str, History]:
    found = dict.fromkeys(account_ids, History())
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [sorted(account_ids)])
        for account_id, count, head, *balance in cursor:
            found[account_id] = History(count, bytes(head), *balance)
    return found
