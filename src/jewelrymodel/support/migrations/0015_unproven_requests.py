"""The open requests of an unproven address are found by it, whenever it writes again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0014_damage_reports")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("identity_level", 0), ("state__in", ("open", "waiting_for_customer"))
                ),
                fields=["email"],
                name="support_case_unproven",
            ),
        ),
    ]
