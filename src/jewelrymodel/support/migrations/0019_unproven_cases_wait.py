"""A case of an unproven sender waits in a state of its own; what is closed silently is listed."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

UNANSWERED = ("open", "waiting_for_customer", "unproven")


class Migration(migrations.Migration):
    dependencies = [("support", "0018_authenticated_email")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("waiting_for_customer", "waiting for your reply"),
                    ("unproven", "waiting for the sender’s confirmation"),
                    ("decided", "decided"),
                    ("closed", "closed"),
                ],
                default="open",
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=~Q(state="unproven")
                | Q(
                    identity_level=0,
                    account__isnull=True,
                    paused_at__isnull=False,
                    decision_id="",
                    check_name="",
                ),
                name="support_case_unproven_waits",
            ),
        ),
        migrations.RemoveIndex(model_name="case", name="support_case_unproven"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(identity_level=0, state__in=UNANSWERED),
                fields=["email"],
                name="support_case_unproven",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(state="unproven"),
                fields=["-opened_at", "-number"],
                name="support_case_unproven_view",
            ),
        ),
        migrations.CreateModel(
            name="SilentClosing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("batch", models.CharField(max_length=32)),
                ("closed_by", models.CharField(max_length=80)),
                ("closed_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("reopened_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="silent_closings",
                        to="support.case",
                    ),
                ),
            ],
            options={
                "db_table": "support_silent_closing",
                "indexes": [
                    models.Index(fields=["case"], name="support_silent_of_case"),
                    models.Index(
                        fields=["closed_by", "-closed_at"], name="support_silent_of_person"
                    ),
                    models.Index(fields=["batch"], name="support_silent_batch"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(reopened_at__isnull=True),
                        fields=("case",),
                        name="support_silent_once_closed",
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_by__startswith="user:") & ~Q(reason="") & ~Q(batch=""),
                        name="support_silent_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=Q(reopened_at__isnull=True) | Q(reopened_at__gte=F("closed_at")),
                        name="support_silent_reopened_after",
                    ),
                ],
            },
        ),
    ]
