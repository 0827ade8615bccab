"""The former word for a second approval is refused, as is any state that isn't one."""

from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("pending_approval", "pending second approval"),
    ("planned", "not started"),
    ("started", "in progress"),
    ("done", "done"),
    ("failed", "failed"),
    ("rejected", "rejected"),
]
LIVE = ("pending_approval", "planned", "started", "done")


class Migration(migrations.Migration):
    dependencies = [("remedies", "0010_pending_approval")]

    operations = [
        migrations.RemoveConstraint("remedyrow", "remedies_remedy_once"),
        migrations.AlterField(
            "remedyrow", "state", models.CharField(choices=STATES, max_length=16)
        ),
        migrations.AddConstraint(
            "remedyrow",
            models.UniqueConstraint(
                condition=Q(state__in=LIVE), fields=("once_key",), name="remedies_remedy_once"
            ),
        ),
        migrations.AddConstraint(
            "remedyrow",
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _ in STATES]),
                name="remedies_remedy_known_state",
            ),
        ),
    ]
