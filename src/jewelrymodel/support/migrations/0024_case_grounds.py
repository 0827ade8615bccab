"""Further grounds of a request; one that was decided about stays."""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
CREATE FUNCTION support_keep_ground() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.decision_id <> '' OR TG_OP = 'UPDATE' AND
     (NEW.case_id, NEW.category, NEW.subject_kind, NEW.subject_id, NEW.added_by, NEW.added_at)
     IS DISTINCT FROM
     (OLD.case_id, OLD.category, OLD.subject_kind, OLD.subject_id, OLD.added_by, OLD.added_at)
  THEN
    RAISE EXCEPTION 'a ground stays what it is, and one that was decided about stays'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_ground BEFORE UPDATE OR DELETE ON support_case_ground
  FOR EACH ROW EXECUTE FUNCTION support_keep_ground();
"""
UNKEEP = """
DROP TRIGGER keep_ground ON support_case_ground;
DROP FUNCTION support_keep_ground();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0023_unproven_without_a_promise'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseGround',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('category', models.CharField(choices=[('duplicate', 'I was charged twice'), ('undelivered', 'I didn’t get my credits'), ('charged_after_cancel', 'I was charged after I canceled'), ('account_error', 'Something else is wrong with a payment or my account'), ('failed_task', 'A generation failed but cost credits'), ('visibly_broken', 'An image shows my piece visibly damaged'), ('style', 'I don’t like the style of an image'), ('pose', 'I would have preferred a different pose'), ('interpretation', 'The image doesn’t show my piece as I expected'), ('campaign', 'An image doesn’t fit my campaign'), ('outage', 'I couldn’t use the service; something was down'), ('unused', 'I didn’t use all of my purchase'), ('expired', 'Credits expired before I used them'), ('stopped_using', 'I no longer use the service'), ('changed_mind', 'I changed my mind'), ('other_package', 'I would rather have a different credit pack'), ('other', 'Something else')], max_length=32)),
                ('subject_kind', models.CharField(choices=[('order', 'Order'), ('task', 'Task'), ('account', 'Account')], max_length=10)),
                ('subject_id', models.CharField(blank=True, max_length=32)),
                ('verified_records', models.JSONField(default=list)),
                ('decision_id', models.CharField(blank=True, max_length=32)),
                ('added_by', models.CharField(max_length=80)),
                ('added_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='further_grounds', to='support.case')),
            ],
            options={
                'db_table': 'support_case_ground',
                'indexes': [models.Index(condition=models.Q(('decision_id', ''), _negated=True), fields=['decision_id'], name='support_ground_decided')],
                'constraints': [models.UniqueConstraint(fields=('case', 'category', 'subject_kind', 'subject_id'), name='support_ground_once'), models.CheckConstraint(condition=models.Q(('added_by__startswith', 'user:')), name='support_ground_by_a_person')],
            },
        ),
        migrations.RunSQL(KEEP, UNKEEP),
    ]
