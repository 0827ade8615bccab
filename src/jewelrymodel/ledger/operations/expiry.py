"""Writing down what time has taken."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.infra.row_isolation import attempt_each
from jewelrymodel.ledger.models import Lot
from jewelrymodel.ledger.operations.journal import Journal, lock_wallet


def expire_lots(*, now: datetime) -> int:
    """Move what has expired and isn't held out of its lots; return how many accounts were swept.

    Only bookkeeping: nothing that has expired is spendable before this runs either. Each account
    has a transaction of its own, and one that fails keeps no other from its own.
    """
    due = Lot.objects.to_expire(now)
    accounts = list(due.order_by("account_id").values_list("account_id", flat=True).distinct())

    def expire(account_id: str) -> None:
        with transaction.atomic():
            lock_wallet(account_id)
            Journal.open(account_id, now)

    return len(accounts) - attempt_each(accounts, expire, doing="expiring lots")
