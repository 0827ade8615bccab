"""The database refuses refunds beyond what was paid, and changes of what a refund was meant to be."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION payments_refund_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given bigint; paid bigint; lost bigint;
BEGIN
  SELECT paid_minor, lost_minor INTO paid, lost FROM payments_charge
    WHERE id = NEW.charge_id FOR UPDATE;
  SELECT coalesce(sum(amount_minor), 0) INTO given FROM payments_refund
    WHERE charge_id = NEW.charge_id AND id <> NEW.id AND state NOT IN ('failed', 'canceled');
  IF NEW.state NOT IN ('failed', 'canceled') AND given + NEW.amount_minor > paid - lost THEN
    RAISE EXCEPTION 'refund % would give back more than charge % holds', NEW.id, NEW.charge_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION payments_keep_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.account_id, NEW.charge_id, NEW.decision_id, NEW.amount_minor, NEW.currency,
      NEW.takes_lot, NEW.created_at) IS DISTINCT FROM
     (OLD.account_id, OLD.charge_id, OLD.decision_id, OLD.amount_minor, OLD.currency,
      OLD.takes_lot, OLD.created_at) THEN
    RAISE EXCEPTION 'what refund % was meant to be never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.processor_refund_id IS NOT NULL
     AND NEW.processor_refund_id IS DISTINCT FROM OLD.processor_refund_id THEN
    RAISE EXCEPTION 'refund % is another one at the processor', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER fits BEFORE INSERT ON payments_refund
  FOR EACH ROW EXECUTE FUNCTION payments_refund_fits();
CREATE TRIGGER keep_refund BEFORE UPDATE ON payments_refund
  FOR EACH ROW EXECUTE FUNCTION payments_keep_refund();
CREATE TRIGGER never_delete BEFORE DELETE ON payments_refund
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER never_delete BEFORE DELETE ON payments_dispute
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER never_delete BEFORE DELETE ON payments_subscription_suspension
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""
BACKWARD = """
DROP TRIGGER never_delete ON payments_subscription_suspension;
DROP TRIGGER never_delete ON payments_dispute;
DROP TRIGGER never_delete ON payments_refund;
DROP TRIGGER keep_refund ON payments_refund;
DROP TRIGGER fits ON payments_refund;
DROP FUNCTION payments_keep_refund();
DROP FUNCTION payments_refund_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_refunds_and_disputes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
