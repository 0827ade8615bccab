"""What was closed silently is sampled by a second person, who says whether that was right."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("support", "0021_full_text_search")]

    operations = [
        migrations.AddField(
            model_name="silentclosing",
            name="reviewed_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="silentclosing",
            name="reviewed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="silentclosing",
            name="verdict",
            field=models.CharField(
                blank=True,
                choices=[("right", "right"), ("wrong", "wrong")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="silentclosing",
            constraint=models.CheckConstraint(
                condition=Q(verdict="", reviewed_by="", reviewed_at__isnull=True)
                | Q(
                    ~Q(reviewed_by=F("closed_by")),
                    verdict__in=("right", "wrong"),
                    reviewed_by__startswith="user:",
                    reviewed_at__isnull=False,
                ),
                name="support_silent_second_person",
            ),
        ),
        migrations.AddIndex(
            model_name="silentclosing",
            index=models.Index(fields=["closed_at"], name="support_silent_closed"),
        ),
    ]
