"""Of which period's end a customer was told that nobody collects the next one: each once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0027_renewals_that_are_left_unpaid")]
    operations = [
        migrations.AddField(
            "subscription", "told_unrenewed_at", models.DateTimeField(null=True)
        )
    ]
