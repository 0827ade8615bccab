"""What a refund takes back of the credits is revoked, as the ledger calls it."""

from django.db import migrations

_KEEP = """
CREATE OR REPLACE FUNCTION payments_keep_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.account_id, NEW.charge_id, NEW.decision_id, NEW.amount_minor, NEW.currency,
      NEW.%(column)s, NEW.created_at) IS DISTINCT FROM
     (OLD.account_id, OLD.charge_id, OLD.decision_id, OLD.amount_minor, OLD.currency,
      OLD.%(column)s, OLD.created_at) THEN
    RAISE EXCEPTION 'what refund %% was meant to be never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.processor_refund_id IS NOT NULL
     AND NEW.processor_refund_id IS DISTINCT FROM OLD.processor_refund_id THEN
    RAISE EXCEPTION 'refund %% is another one at the processor', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0018_suspensions_end_by_reinstatement")]

    operations = [
        migrations.RenameField("refund", "takes_lot", "revokes_credits"),
        migrations.RunSQL(
            _KEEP % {"column": "revokes_credits"}, _KEEP % {"column": "takes_lot"}
        ),
    ]
