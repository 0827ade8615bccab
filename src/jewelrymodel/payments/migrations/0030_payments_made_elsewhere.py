"""A renewal that was paid out of band has a charge that the processor knows nothing of."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0029_refunds_by_bank_transfer")]
    operations = [
        migrations.AddConstraint(
            "charge",
            models.CheckConstraint(
                condition=Q(processor="stripe")
                | Q(lost_minor=0, payout_way="transfer", processor="elsewhere"),
                name="payments_charge_paid_elsewhere",
            ),
        )
    ]
