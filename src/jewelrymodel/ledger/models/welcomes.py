from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.ids import MAX_LENGTH
from jewelrymodel.ledger.models.lots import Lot


class Welcome(models.Model):
    """The free credits of a new account: once for it, and once for a mailbox, whoever has it then.

    The mailbox is kept as its hash, for comparing alone.
    """

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    mailbox_sha256 = models.CharField(max_length=64, unique=True)
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_welcome"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(mailbox_sha256__regex=r"^[0-9a-f]{64}$"),
                name="ledger_welcome_mailbox_is_a_hash",
            )
        ]
