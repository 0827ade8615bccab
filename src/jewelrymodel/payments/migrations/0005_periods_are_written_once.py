"""An order's period is written once, when its payment is seen, and never changes after that."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION payments_accepted(o payments_order) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_jsonb(o) - ARRAY[
    'state', 'session_id', 'session_url', 'decline', 'held_reason', 'next_look_at',
    'cancel_asked_at', 'paid_at', 'delivered_at', 'closed_at', 'confirmed_at',
    'placed_by_id', 'buyer_email', 'ip', 'user_agent', 'device_id',
    'subscription_id', 'period_starts_at', 'period_ends_at', 'invoice_id'];
$$;

CREATE FUNCTION payments_keep_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.invoice_id IS NOT NULL AND
     (NEW.subscription_id, NEW.period_starts_at, NEW.period_ends_at, NEW.invoice_id) IS DISTINCT
     FROM (OLD.subscription_id, OLD.period_starts_at, OLD.period_ends_at, OLD.invoice_id) THEN
    RAISE EXCEPTION 'the period of order % never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_period BEFORE UPDATE ON payments_order
  FOR EACH ROW EXECUTE FUNCTION payments_keep_period();
CREATE TRIGGER never_delete BEFORE DELETE ON payments_subscription
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""
BACKWARD = """
DROP TRIGGER never_delete ON payments_subscription;
DROP TRIGGER keep_period ON payments_order;
DROP FUNCTION payments_keep_period();
CREATE OR REPLACE FUNCTION payments_accepted(o payments_order) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_jsonb(o) - ARRAY[
    'state', 'session_id', 'session_url', 'decline', 'held_reason', 'next_look_at',
    'cancel_asked_at', 'paid_at', 'delivered_at', 'closed_at', 'confirmed_at',
    'placed_by_id', 'buyer_email', 'ip', 'user_agent', 'device_id'];
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_subscriptions")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
