"""How long credits live that come back into an expired lot: a number of the lot's own edition.

Lots of before were granted while it was seven days.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_balance_over_time")]
    operations = [
        migrations.AddField(
            model_name="lot",
            name="continuation_days",
            field=models.PositiveSmallIntegerField(default=7, null=True),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_at__isnull", True),
                    ("continuation_days__isnull", False),
                    _connector="OR",
                ),
                name="ledger_lot_expiring_can_continue",
            ),
        ),
    ]
