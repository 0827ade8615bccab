from django.db import models


class Leased(models.Model):
    """A row that one worker at a time works on.

    ``fence`` grows with every lease: what an earlier holder still writes finds no row. A lease is
    an instant of the machine's clock, never of the demo's. No lease and not final: nobody works.
    """

    fence = models.PositiveIntegerField(default=0)
    lost_leases = models.PositiveSmallIntegerField(default=0)
    lease_until_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=80, blank=True)
    steps = models.JSONField(default=list)  # the code of every step so far, in order

    class Meta:
        abstract = True
