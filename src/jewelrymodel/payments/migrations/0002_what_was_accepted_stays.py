"""The database refuses to rewrite what a buyer accepted, and what a receipt said.

Personal traces (address of the connection, device, mail address, who placed it) can be erased when
an account is anonymised; terms, consents, amounts and capacity stay.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION payments_accepted(o payments_order) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT to_jsonb(o) - ARRAY[
    'state', 'session_id', 'session_url', 'decline', 'held_reason', 'next_look_at',
    'cancel_asked_at', 'paid_at', 'delivered_at', 'closed_at', 'confirmed_at',
    'placed_by_id', 'buyer_email', 'ip', 'user_agent', 'device_id'];
$$;

CREATE FUNCTION payments_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF payments_accepted(NEW) <> payments_accepted(OLD) THEN
    RAISE EXCEPTION 'what order % accepted never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'delivered' AND NEW.state <> 'delivered' THEN
    RAISE EXCEPTION 'order % is delivered and stays so', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_accepted BEFORE UPDATE ON payments_order
  FOR EACH ROW EXECUTE FUNCTION payments_keep_accepted();
CREATE TRIGGER never_delete BEFORE DELETE ON payments_order
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER never_delete BEFORE DELETE ON payments_charge
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON payments_receipt
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""
BACKWARD = """
DROP TRIGGER never_change ON payments_receipt;
DROP TRIGGER never_delete ON payments_charge;
DROP TRIGGER never_delete ON payments_order;
DROP TRIGGER keep_accepted ON payments_order;
DROP FUNCTION payments_refuse_change();
DROP FUNCTION payments_keep_accepted();
DROP FUNCTION payments_accepted(payments_order);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
