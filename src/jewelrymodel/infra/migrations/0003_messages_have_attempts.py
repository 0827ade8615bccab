from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import Q


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # what waits from before is due at once


class Migration(migrations.Migration):
    dependencies = [("infra", "0002_bare_envelopes")]

    operations = [
        migrations.AddField(
            "inboxmessage", "attempts", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            "inboxmessage",
            "next_attempt_at",
            models.DateTimeField(default=LONG_AGO),
            preserve_default=False,
        ),
        migrations.AddField(
            "inboxmessage", "last_error", models.TextField(default="", blank=True)
        ),
        migrations.AddField("inboxmessage", "parked_at", models.DateTimeField(null=True)),
        migrations.RemoveIndex("inboxmessage", "infra_inbox_waiting"),
        migrations.AddIndex(
            "inboxmessage",
            models.Index(
                fields=["source", "next_attempt_at"],
                name="infra_inbox_due",
                condition=Q(processed_at__isnull=True, parked_at__isnull=True),
            ),
        ),
        migrations.AddIndex(
            "inboxmessage",
            models.Index(
                fields=["source", "parked_at"],
                name="infra_inbox_parked",
                condition=Q(parked_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            "inboxmessage",
            models.CheckConstraint(
                condition=Q(processed_at__isnull=True) | Q(parked_at__isnull=True),
                name="infra_inbox_processed_or_parked",
            ),
        ),
    ]
