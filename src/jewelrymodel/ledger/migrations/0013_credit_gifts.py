"""Credits that an operator gives: what was meant stays, and a state only goes on."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION ledger_keep_gift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'gifts are never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'pending_approval' THEN
      RAISE EXCEPTION 'a gift begins as one that waits' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.account_id, NEW.idempotency_key, NEW.quantity, NEW.reason, NEW.asked_by,
      NEW.asked_at)
     IS DISTINCT FROM
     (OLD.id, OLD.account_id, OLD.idempotency_key, OLD.quantity, OLD.reason, OLD.asked_by,
      OLD.asked_at) THEN
    RAISE EXCEPTION 'what gift % means never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (OLD.state = 'pending_approval' AND NEW.state IN ('given', 'rejected')
      OR OLD.state = 'given' AND NEW.state = 'undone' AND NEW.lot_id = OLD.lot_id
        AND NEW.second_approver = OLD.second_approver) THEN
    RAISE EXCEPTION 'gift % is % and can''t become %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.lot_id IS NOT NULL AND NOT EXISTS (SELECT FROM ledger_lot WHERE id = NEW.lot_id
      AND account_id = NEW.account_id AND source = 'promotion' AND source_ref = NEW.id
      AND quantity = NEW.quantity) THEN
    RAISE EXCEPTION 'lot % is not what gift % gives', NEW.lot_id, NEW.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_gift BEFORE INSERT OR UPDATE OR DELETE ON ledger_credit_gift
  FOR EACH ROW EXECUTE FUNCTION ledger_keep_gift();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON ledger_credit_gift
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_gift();
"""
BACKWARD = """
DROP TRIGGER never_truncate ON ledger_credit_gift;
DROP TRIGGER keep_gift ON ledger_credit_gift;
DROP FUNCTION ledger_keep_gift();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_invitations'),
        ('ledger', '0012_lots_keep_their_place'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditGift',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('idempotency_key', models.CharField(max_length=64, unique=True)),
                ('quantity', models.IntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('asked_by', models.CharField(max_length=80)),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending_approval', 'pending second approval'), ('rejected', 'rejected'), ('given', 'given'), ('undone', 'undone')], max_length=16)),
                ('second_approver', models.CharField(blank=True, max_length=80)),
                ('ended_by', models.CharField(blank=True, max_length=80)),
                ('ended_at', models.DateTimeField(null=True)),
                ('taken_back', models.IntegerField(default=0)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('lot', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.lot')),
            ],
            options={
                'db_table': 'ledger_credit_gift',
                'indexes': [models.Index(fields=['account', '-asked_at'], name='ledger_gift_of_account'), models.Index(fields=['-asked_at'], name='ledger_gift_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('reason', ''), _negated=True), models.Q(('asked_by', ''), _negated=True)), name='ledger_gift_says_what_and_why'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by', ''), ('lot__isnull', True), ('state', 'pending_approval')), models.Q(('ended_at__isnull', False), ('lot__isnull', True), ('state', 'rejected'), models.Q(('ended_by', ''), _negated=True)), models.Q(('ended_by', ''), ('lot__isnull', False), ('state', 'given')), models.Q(('ended_at__isnull', False), ('lot__isnull', False), ('state', 'undone'), models.Q(('ended_by', ''), _negated=True)), _connector='OR'), name='ledger_gift_state_is_whole'), models.CheckConstraint(condition=models.Q(('taken_back', 0), models.Q(('state', 'undone'), ('taken_back__gt', 0), ('taken_back__lte', models.F('quantity'))), _connector='OR'), name='ledger_gift_taken_back_once')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
