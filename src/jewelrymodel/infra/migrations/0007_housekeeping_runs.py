"""When what is kept no longer was removed last, and how much that was."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('infra', '0006_no_index_twice'),
    ]

    operations = [
        migrations.CreateModel(
            name='HousekeepingRun',
            fields=[
                ('task', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('ended_at', models.DateTimeField()),
                ('removed', models.PositiveIntegerField()),
                ('kept', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'infra_housekeeping_run',
            },
        ),
    ]
