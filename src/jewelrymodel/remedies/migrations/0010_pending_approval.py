"""A remedy is pending a second approval, and a decision revokes credits; rows are converted."""

from django.db import migrations, models
from django.db.models import Q

BOTH = ("awaiting_second", "pending_approval", "planned", "started", "done")
_UPDATE = "UPDATE remedies_remedy SET state = '%s' WHERE state = '%s'"


class Migration(migrations.Migration):
    dependencies = [("remedies", "0009_second_approver")]

    operations = [
        migrations.RenameField("decisionrecord", "takes_lot", "revokes_credits"),
        migrations.RemoveConstraint("remedyrow", "remedies_remedy_once"),
        migrations.AddConstraint(
            "remedyrow",
            models.UniqueConstraint(
                condition=Q(state__in=BOTH), fields=("once_key",), name="remedies_remedy_once"
            ),
        ),
        migrations.RunSQL(
            _UPDATE % ("pending_approval", "awaiting_second"),
            _UPDATE % ("awaiting_second", "pending_approval"),
        ),
    ]
