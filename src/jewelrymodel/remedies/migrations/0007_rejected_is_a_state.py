"""What a second person did not agree to is rejected; the reason is theirs, with nothing before it.

Until now that was a failure whose text began "sent back: ".
"""

from django.db import migrations, models

FORWARD = """
UPDATE remedies_remedy SET state = 'rejected', failure = substr(failure, length('sent back: ') + 1)
WHERE state = 'failed' AND starts_with(failure, 'sent back: ');
"""
BACKWARD = """
UPDATE remedies_remedy SET state = 'failed', failure = 'sent back: ' || failure
WHERE state = 'rejected';
"""
STATES = [
    ("awaiting_second", "pending second approval"),
    ("planned", "not started"),
    ("started", "in progress"),
    ("done", "done"),
    ("failed", "failed"),
    ("rejected", "rejected"),
]


class Migration(migrations.Migration):
    dependencies = [("remedies", "0006_category")]
    operations = [
        migrations.AlterField(
            "remedyrow", "state", models.CharField(choices=STATES, max_length=16)
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
