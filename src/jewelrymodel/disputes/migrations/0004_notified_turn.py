"""The turn of a dispute that its customer was notified of has that name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disputes", "0003_renewals_ended_at")]
    operations = [
        migrations.RemoveIndex("disputework", "disputes_work_to_tell"),
        migrations.RenameField("disputework", "told_turn", "notified_turn"),
        migrations.AddIndex(
            "disputework",
            models.Index(
                condition=models.Q(("notified_turn__lt", models.F("turns"))),
                fields=["updated_at"],
                name="disputes_work_to_notify",
            ),
        ),
    ]
