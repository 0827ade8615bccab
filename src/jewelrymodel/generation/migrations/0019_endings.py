"""Since when a customer knows how a generation ended; what ended before this is no news."""

from django.db import migrations, models


_SEEN = "UPDATE generation_task SET seen_at = finished_at WHERE finished_at IS NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0018_selections'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='seen_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='told_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('finished_at__isnull', False), ('seen_at__isnull', True)), fields=['account'], name='generation_task_unseen'),
        ),
        migrations.RunSQL(_SEEN, migrations.RunSQL.noop),
    ]
