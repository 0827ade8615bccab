"""Photos that were dropped together, and when a cutout was finished."""

import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models


FORWARD = """
ALTER TABLE generation_photo ADD CONSTRAINT generation_photo_of_own_batch
  FOREIGN KEY (batch_id, account_id) REFERENCES generation_batch (id, account_id);
ALTER TABLE generation_task ADD CONSTRAINT generation_task_of_own_batch
  FOREIGN KEY (batch_id, account_id) REFERENCES generation_batch (id, account_id);
"""
BACKWARD = """
ALTER TABLE generation_photo DROP CONSTRAINT generation_photo_of_own_batch;
ALTER TABLE generation_task DROP CONSTRAINT generation_task_of_own_batch;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_emails_when_ready'),
        ('generation', '0020_photo_packshot'),
    ]

    operations = [
        migrations.AddField(
            model_name='photo',
            name='cut_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('look_id', models.CharField(blank=True, max_length=60)),
                ('aspects', models.JSONField(db_default=[], default=list)),
                ('refused_files', models.JSONField(db_default=[], default=list)),
                ('created_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='accounts.account')),
            ],
            options={
                'db_table': 'generation_batch',
            },
        ),
        migrations.AddField(
            model_name='photo',
            name='batch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='generation.batch'),
        ),
        migrations.AddField(
            model_name='task',
            name='batch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='generation.batch'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['account', '-created_at'], name='generation_batch_newest'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(fields=('id', 'account'), name='generation_batch_of_account'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(models.Func(models.F('refused_files'), function='jsonb_typeof', output_field=models.TextField()), models.Value('array')), django.db.models.lookups.Exact(models.Func(models.F('aspects'), function='jsonb_typeof', output_field=models.TextField()), models.Value('array'))), name='generation_batch_has_lists'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('look_id', ''), _negated=True), ('aspects', []), _connector='OR'), name='generation_batch_order_is_whole'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
