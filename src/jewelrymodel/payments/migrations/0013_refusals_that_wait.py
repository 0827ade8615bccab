"""A refund that the processor does not make now waits with its reason; being refused ourselves alarms."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0012_how_a_charge_was_paid'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProcessorAlarm',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('reason', models.CharField(choices=[('key_not_accepted', 'Key'), ('permission_missing', 'Right'), ('idempotency_error', 'Changed')], max_length=20)),
                ('right', models.CharField(blank=True, max_length=60)),
                ('code', models.CharField(max_length=255)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('since_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('cleared_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'payments_processor_alarm',
            },
        ),
        migrations.AddField(
            model_name='refund',
            name='refusal',
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AddField(
            model_name='refund',
            name='refusals',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='refused_since_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refusal', ''), ('refused_since_at__isnull', True)), models.Q(models.Q(('refusal', ''), _negated=True), ('refused_since_at__isnull', False), ('state__in', ('intended', 'submitted', 'pending', 'requires_action'))), _connector='OR'), name='payments_refund_refused_is_open'),
        ),
        migrations.AddConstraint(
            model_name='processoralarm',
            constraint=models.UniqueConstraint(condition=models.Q(('cleared_at__isnull', True)), fields=('reason', 'right'), name='payments_alarm_once_per_cause'),
        ),
        migrations.AddConstraint(
            model_name='processoralarm',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['key_not_accepted', 'permission_missing', 'idempotency_error'])), name='payments_alarm_reason'),
        ),
        migrations.AddConstraint(
            model_name='processoralarm',
            constraint=models.CheckConstraint(condition=models.Q(('last_at__gte', models.F('since_at'))), name='payments_alarm_runs_forward'),
        ),
    ]
