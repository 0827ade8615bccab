"""The former words of movements are refused, now that no row has them."""

from django.db import migrations, models
from django.db.models import Q

OPERATIONS = [
    ("grant", "Grant"),
    ("hold", "Hold"),
    ("capture", "Capture"),
    ("release", "Release"),
    ("expire", "Expire"),
    ("suspend", "Suspend"),
    ("reinstate", "Reinstate"),
    ("revoke", "Revoke"),
    ("debt", "Debt"),
    ("grant_period", "Grant Period"),
]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_suspended_and_reinstated")]

    operations = [
        migrations.RemoveConstraint("movement", "ledger_movement_operation"),
        migrations.AlterField(
            "movement", "operation", models.CharField(choices=OPERATIONS, max_length=16)
        ),
        migrations.AddConstraint(
            "movement",
            models.CheckConstraint(
                condition=Q(operation__in=[value for value, _ in OPERATIONS]),
                name="ledger_movement_operation",
            ),
        ),
    ]
