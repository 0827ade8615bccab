"""Withdrawals from contracts; the database keeps what was stated."""

import django.db.models.deletion
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION support_keep_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.case_id, NEW.contract, NEW.name, NEW.email, NEW.statement, NEW.stated_at)
     IS DISTINCT FROM
     (OLD.id, OLD.case_id, OLD.contract, OLD.name, OLD.email, OLD.statement, OLD.stated_at)
     OR OLD.order_id IS NOT NULL AND NEW.order_id IS DISTINCT FROM OLD.order_id
     OR OLD.state IN ('decided', 'person') AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'what withdrawal % states never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION support_refuse_withdrawal_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'withdrawals are never deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_withdrawal BEFORE UPDATE ON support_withdrawal
  FOR EACH ROW EXECUTE FUNCTION support_keep_withdrawal();
CREATE TRIGGER never_delete BEFORE DELETE ON support_withdrawal
  FOR EACH ROW EXECUTE FUNCTION support_refuse_withdrawal_delete();
"""
BACKWARD = """
DROP TRIGGER never_delete ON support_withdrawal;
DROP TRIGGER keep_withdrawal ON support_withdrawal;
DROP FUNCTION support_refuse_withdrawal_delete();
DROP FUNCTION support_keep_withdrawal();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0027_renewals_that_are_left_unpaid'),
        ('support', '0026_report_index'),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='category',
            field=models.CharField(choices=[('duplicate', 'I was charged twice'), ('undelivered', 'I didn’t get my credits'), ('charged_after_cancel', 'I was charged after I canceled'), ('account_error', 'Something else is wrong with a payment or my account'), ('failed_task', 'A generation failed but cost credits'), ('visibly_broken', 'An image shows my piece visibly damaged'), ('style', 'I don’t like the style of an image'), ('pose', 'I would have preferred a different pose'), ('interpretation', 'The image doesn’t show my piece as I expected'), ('campaign', 'An image doesn’t fit my campaign'), ('outage', 'I couldn’t use the service; something was down'), ('unused', 'I didn’t use all of my purchase'), ('expired', 'Credits expired before I used them'), ('stopped_using', 'I no longer use the service'), ('changed_mind', 'I changed my mind'), ('other_package', 'I would rather have a different credit pack'), ('withdrawal', 'I’m withdrawing from the contract'), ('other', 'Something else')], max_length=32),
        ),
        migrations.AlterField(
            model_name='caseground',
            name='category',
            field=models.CharField(choices=[('duplicate', 'I was charged twice'), ('undelivered', 'I didn’t get my credits'), ('charged_after_cancel', 'I was charged after I canceled'), ('account_error', 'Something else is wrong with a payment or my account'), ('failed_task', 'A generation failed but cost credits'), ('visibly_broken', 'An image shows my piece visibly damaged'), ('style', 'I don’t like the style of an image'), ('pose', 'I would have preferred a different pose'), ('interpretation', 'The image doesn’t show my piece as I expected'), ('campaign', 'An image doesn’t fit my campaign'), ('outage', 'I couldn’t use the service; something was down'), ('unused', 'I didn’t use all of my purchase'), ('expired', 'Credits expired before I used them'), ('stopped_using', 'I no longer use the service'), ('changed_mind', 'I changed my mind'), ('other_package', 'I would rather have a different credit pack'), ('withdrawal', 'I’m withdrawing from the contract'), ('other', 'Something else')], max_length=32),
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('contract', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=254)),
                ('statement', models.TextField()),
                ('stated_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('unconfirmed', 'waiting for the sender’s confirmation'), ('stated', 'being carried out'), ('decided', 'carried out'), ('person', 'with our team')], max_length=16)),
                ('obstacle', models.CharField(blank=True, max_length=64)),
                ('settled_at', models.DateTimeField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='support.case')),
                ('order', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='payments.order')),
            ],
            options={
                'db_table': 'support_withdrawal',
                'indexes': [models.Index(condition=models.Q(('state__in', ('decided', 'person')), _negated=True), fields=['stated_at'], name='support_withdrawal_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['unconfirmed', 'stated', 'decided', 'person'])), name='support_withdrawal_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('stated', 'decided')), _negated=True), ('order__isnull', False), _connector='OR'), name='support_withdrawal_names_its_order'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'person'), models.Q(('obstacle', ''), _negated=True)), models.Q(models.Q(('state', 'person'), _negated=True), ('obstacle', '')), _connector='OR'), name='support_withdrawal_obstacle'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('state__in', ('decided', 'person'))), models.Q(models.Q(('state__in', ('decided', 'person')), _negated=True), ('settled_at__isnull', True)), _connector='OR'), name='support_withdrawal_settled_is_dated')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
