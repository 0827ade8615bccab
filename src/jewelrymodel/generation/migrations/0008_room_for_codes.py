"""Reasons, notes and changes are kept as codes with parameters; sentences of before stay readable."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0007_typographic_apostrophes")]
    operations = [
        *(
            operation
            for model in ("photo", "task", "taskitem")
            for operation in (
                migrations.RenameField(model, "reason", "former_reason"),
                migrations.AddField(model, "reason_detail", models.JSONField(default=dict)),
            )
        ),
        migrations.RenameField("asset", "invented", "alterations"),
    ]
