"""Whether a mail server vouched for the sender of an email stands beside what became of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0017_case_visits")]

    operations = [
        migrations.AddField(
            model_name="inboundemail",
            name="is_authenticated",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
