"""Scenes that sellers keep under a name; a closed account gets none any more."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

FORWARD = (
    "CREATE TRIGGER refuse_closed BEFORE INSERT ON generation_saved_scene "
    "FOR EACH ROW EXECUTE FUNCTION accounts_refuse_closed();"
)
BACKWARD = "DROP TRIGGER refuse_closed ON generation_saved_scene;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_closed_accounts"),
        ("generation", "0028_usual_size"),
    ]
    operations = [
        migrations.CreateModel(
            name="SavedScene",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("scene", models.JSONField()),
                ("created_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_scenes",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "db_table": "generation_saved_scene",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("account"),
                        django.db.models.functions.text.Lower("name"),
                        name="generation_saved_scene_name_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="generation_saved_scene_is_named",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
