"""A cutout may be corrected by hand, and what was healed in it is counted."""

from django.db import migrations, models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [("generation", "0009_sentences_become_codes")]
    operations = [
        migrations.AddField("photo", "matte_key", models.CharField(blank=True, max_length=200)),
        migrations.AddField("photo", "corrections", models.JSONField(default=list)),
        migrations.AddField(
            "photo", "doubts_view_key", models.CharField(blank=True, max_length=200)
        ),
        migrations.AddField("photo", "retouched_px", models.PositiveIntegerField(default=0)),
        migrations.AddField("task", "retouched_mm2", models.FloatField(null=True)),
        migrations.AddConstraint(
            "photo",
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        F("corrections"),
                        function="jsonb_typeof",
                        output_field=models.TextField(),
                    ),
                    Value("array"),
                ),
                name="generation_photo_corrections_are_a_list",
            ),
        ),
        migrations.AddConstraint(
            "task",
            models.CheckConstraint(
                condition=Q(retouched_mm2__isnull=True) | Q(retouched_mm2__gt=0),
                name="generation_task_retouched_is_an_area",
            ),
        ),
    ]
