"""A new account gets two images free; operators publish their own offers later, none included."""

from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import Q

START = datetime(2026, 1, 1, tzinfo=UTC)
_STAYS = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON catalog_welcome_offer
  FOR EACH ROW EXECUTE FUNCTION catalog_refuse_change();
"""


def publish(apps, schema_editor):
    apps.get_model("catalog", "WelcomeOffer").objects.create(
        id="wof_20260101", images=2, expire_after_days=90, effective_from_at=START
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_prices_by_look")]

    operations = [
        migrations.CreateModel(
            "WelcomeOffer",
            [
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("images", models.PositiveSmallIntegerField()),
                ("expire_after_days", models.PositiveSmallIntegerField()),
                ("effective_from_at", models.DateTimeField(unique=True)),
            ],
            options={
                "db_table": "catalog_welcome_offer",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(expire_after_days__gt=0), name="catalog_welcome_offer_lives"
                    )
                ],
            },
        ),
        migrations.RunPython(publish, migrations.RunPython.noop),
        migrations.RunSQL(
            _STAYS, "DROP TRIGGER never_change ON catalog_welcome_offer"
        ),
    ]
