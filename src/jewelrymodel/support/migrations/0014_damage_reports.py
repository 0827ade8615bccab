"""Images that requests call visibly damaged, and what a person saw of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0012_asset_check_is_named'),
        ('support', '0013_visibly_broken'),
    ]

    operations = [
        migrations.CreateModel(
            name='DamageReport',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('lost_part', 'A part is missing'), ('filled_opening', 'An opening is filled in'), ('wrong_color', 'The color is wrong'), ('something_added', 'Something was added'), ('blurred', 'It is blurred'), ('other', 'Something else')], max_length=20)),
                ('mark_x', models.PositiveSmallIntegerField(null=True)),
                ('mark_y', models.PositiveSmallIntegerField(null=True)),
                ('verdict', models.CharField(choices=[('open', 'not reviewed yet'), ('confirmed', 'damage confirmed'), ('not_found', 'no visible damage found')], default='open', max_length=12)),
                ('reviewed_by', models.CharField(blank=True, max_length=80)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('consented_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='damage_reports', to='support.case')),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generation.asset')),
            ],
            options={
                'db_table': 'support_damage_report',
                'indexes': [models.Index(condition=models.Q(('consented_at__isnull', False)), fields=['consented_at'], name='support_damage_consented')],
                'constraints': [models.UniqueConstraint(fields=('case', 'image'), name='support_damage_once'), models.CheckConstraint(condition=models.Q(models.Q(('mark_x__isnull', True), ('mark_y__isnull', True)), models.Q(('mark_x__isnull', False), ('mark_y__isnull', False), ('mark_x__lte', 1000), ('mark_y__lte', 1000)), _connector='OR'), name='support_damage_mark_is_in_the_image'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at__isnull', True), ('reviewed_by', ''), ('verdict', 'open')), models.Q(('reviewed_at__isnull', False), ('reviewed_by__startswith', 'user:'), ('verdict__in', ('confirmed', 'not_found'))), _connector='OR'), name='support_damage_only_a_person_says'), models.CheckConstraint(condition=models.Q(('kind__in', ['lost_part', 'filled_opening', 'wrong_color', 'something_added', 'blurred', 'other'])), name='support_damage_known_kind')],
            },
        ),
    ]
