"""What operators choose of the providers of image models; a choice never changes."""

from typing import ClassVar

from django.db import migrations, models

FORWARD = """
CREATE TRIGGER generation_provider_choice_stays BEFORE UPDATE OR DELETE
  ON generation_provider_choice FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER generation_provider_choice_is_not_emptied BEFORE TRUNCATE
  ON generation_provider_choice FOR EACH STATEMENT EXECUTE FUNCTION append_only();
"""
BACKWARD = """
DROP TRIGGER generation_provider_choice_is_not_emptied ON generation_provider_choice;
DROP TRIGGER generation_provider_choice_stays ON generation_provider_choice;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("audit", "0002_append_only"),
        ("generation", "0033_agreements_are_forgotten"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ProviderChoice",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("provider", models.CharField(max_length=20)),
                ("number", models.PositiveIntegerField()),
                ("is_on", models.BooleanField()),
                ("place", models.PositiveSmallIntegerField()),
                ("concurrency", models.PositiveSmallIntegerField()),
                ("budget_cents", models.PositiveIntegerField()),
                ("chosen_at", models.DateTimeField()),
            ],
            options={
                "db_table": "generation_provider_choice",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "number"), name="generation_provider_choice_once"
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(provider="") & models.Q(number__gte=1),
                        name="generation_provider_choice_of",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(place__gte=1, place__lte=9),
                        name="generation_provider_choice_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(concurrency__gte=1, concurrency__lte=50),
                        name="generation_provider_choice_concurrency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(budget_cents__lte=1_000_000),
                        name="generation_provider_choice_budget",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
