"""A withdrawal from a contract suspends credits, as a refund and a dispute do; no row changes."""

from django.db import migrations, models
from django.db.models import Q

_KINDS = ["order", "decision", "promotion", "task", "lot", "refund", "dispute", "withdrawal"]
_CHOICES = [(one, one.capitalize()) for one in _KINDS]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0014_gift_states_in_words")]

    operations = [
        migrations.AlterField(
            "movement", "cause_kind", models.CharField(choices=_CHOICES, max_length=12)
        ),
        migrations.AlterField(
            "lotsuspension", "cause_kind", models.CharField(choices=_CHOICES, max_length=12)
        ),
        migrations.RemoveConstraint("movement", "ledger_movement_cause_kind"),
        migrations.AddConstraint(
            "movement",
            models.CheckConstraint(
                condition=Q(cause_kind__in=_KINDS), name="ledger_movement_cause_kind"
            ),
        ),
        migrations.RemoveConstraint("lotsuspension", "ledger_lot_suspension_cause"),
        migrations.AddConstraint(
            "lotsuspension",
            models.CheckConstraint(
                condition=Q(cause_kind__in=["refund", "dispute", "withdrawal"]),
                name="ledger_lot_suspension_cause",
            ),
        ),
    ]
