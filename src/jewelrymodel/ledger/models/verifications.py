"""Up to where the books were found right."""

from django.db import models


class Verification(models.Model):
    """The books agreed with all movements up to *movement_id*; *began_at* is the machine's clock.

    *is_whole*: everything was recomputed, not only what was newer than the verification before.
    """

    movement_id = models.BigIntegerField()
    is_whole = models.BooleanField()
    began_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_verification"
