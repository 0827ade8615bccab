"""Up to where the books were found right is kept, so that only what is newer is looked at daily."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_no_index_twice")]
    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("movement_id", models.BigIntegerField()),
                ("is_whole", models.BooleanField()),
                ("began_at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_verification"},
        ),
    ]
