"""Who has a case open, and what they typed there and didn't send."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("support", "0016_confirmed_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseVisit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
                ("drafts", models.JSONField(default=dict)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="support.case",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "support_case_visit",
                "indexes": [models.Index(fields=["seen_at"], name="support_visit_seen")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "user"), name="support_visit_of_a_colleague"
                    )
                ],
            },
        ),
    ]
