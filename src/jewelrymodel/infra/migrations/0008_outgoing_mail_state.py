"""When the mail server took a mail last, and since when it takes none."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('infra', '0007_housekeeping_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutgoingMailState',
            fields=[
                ('name', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('problem', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'infra_outgoing_mail_state',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('failed_at__isnull', True), ('problem', '')), models.Q(('failed_at__isnull', False), models.Q(('problem', ''), _negated=True)), _connector='OR'), name='infra_outgoing_problem_has_words')],
            },
        ),
    ]
