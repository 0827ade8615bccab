"""Incidents that are proposed for a person; no proposal is deleted."""

import django.db.models.deletion
from django.db import migrations, models


_STAYS = """
CREATE TRIGGER incidents_proposal_stays BEFORE DELETE ON incidents_proposal
  FOR EACH ROW EXECUTE FUNCTION append_only();
"""
_MAY_GO = "DROP TRIGGER incidents_proposal_stays ON incidents_proposal"


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0002_withdrawn'),
    ]

    operations = [
        migrations.CreateModel(
            name='IncidentProposal',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('feature', models.CharField(max_length=40)),
                ('provider', models.CharField(max_length=20)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField()),
                ('failures', models.PositiveIntegerField()),
                ('usual_attempts', models.PositiveIntegerField()),
                ('usual_failures', models.PositiveIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'waiting for a decision'), ('dismissed', 'dismissed'), ('taken', 'opened as an incident')], default='open', max_length=12)),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('incident', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='incidents.incident')),
            ],
            options={
                'db_table': 'incidents_proposal',
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('feature', 'provider'), name='incidents_proposal_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by', ''), ('state', 'open')), models.Q(('decided_at__isnull', False), ('decided_by__startswith', 'user:'), ('state__in', ('dismissed', 'taken')), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='incidents_proposal_decided_by_a_person'), models.CheckConstraint(condition=models.Q(models.Q(('incident__isnull', False), ('state', 'taken')), models.Q(models.Q(('state', 'taken'), _negated=True), ('incident__isnull', True)), _connector='OR'), name='incidents_proposal_taken_names_its_incident'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at')), ('failures__lte', models.F('attempts'))), name='incidents_proposal_counts')],
            },
        ),
        migrations.RunSQL(_STAYS, _MAY_GO),
    ]
