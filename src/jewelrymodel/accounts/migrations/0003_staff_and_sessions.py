from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_work_and_staff"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_at", None),
                    ("until_at__gte", models.F("since_at")),
                    _connector="OR",
                ),
                name="accounts_staff_ends_after_it_begins",
            ),
        ),
    ]
