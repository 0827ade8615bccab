"""Refunds that were made at the processor have rows; what the database refuses of refunds."""

from django.db import migrations, models
from django.db.models import Q

# A refund of ours is meant within what is kept. What the processor made is a fact, also where a
# bank took the rest first (M21), so of those only what was paid is the limit; an intent of ours
# that is left with less is refused by the processor, and ends so.
FORWARD = """
DROP TRIGGER fits ON payments_refund;
CREATE OR REPLACE FUNCTION payments_refund_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE given bigint; paid bigint; lost bigint;
  is_intent boolean := NEW.origin = 'ours' AND NEW.processor_refund_id IS NULL;
BEGIN
  IF NEW.state IN ('failed', 'canceled') THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.state NOT IN ('failed', 'canceled')
     AND (OLD.processor_refund_id IS NOT NULL OR NEW.processor_refund_id IS NULL)
    THEN RETURN NEW; END IF;
  SELECT paid_minor, lost_minor INTO paid, lost FROM payments_charge
    WHERE id = NEW.charge_id FOR UPDATE;
  SELECT coalesce(sum(amount_minor), 0) INTO given FROM payments_refund
    WHERE charge_id = NEW.charge_id AND id <> NEW.id AND state NOT IN ('failed', 'canceled')
      AND (is_intent OR processor_refund_id IS NOT NULL);
  IF is_intent THEN paid := paid - lost; END IF;
  IF given + NEW.amount_minor > paid THEN
    RAISE EXCEPTION 'refund % would give back more than charge % holds', NEW.id, NEW.charge_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT OR UPDATE ON payments_refund
  FOR EACH ROW EXECUTE FUNCTION payments_refund_fits();

CREATE OR REPLACE FUNCTION payments_keep_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.account_id, NEW.charge_id, NEW.origin, NEW.decision_id, NEW.amount_minor,
      NEW.currency, NEW.revokes_credits, NEW.created_at) IS DISTINCT FROM
     (OLD.id, OLD.account_id, OLD.charge_id, OLD.origin, OLD.decision_id, OLD.amount_minor,
      OLD.currency, OLD.revokes_credits, OLD.created_at) THEN
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

-- What was refunded elsewhere before this version: one row for the sum, of no known refund.
INSERT INTO payments_refund (id, account_id, charge_id, origin, decision_id, amount_minor, currency,
    reason, revokes_credits, state, failure, refusal, refusals, told_state, created_at,
    submitted_at, settled_at, next_look_at)
  SELECT 'rfd_' || left(md5(charge.id), 26), charge.account_id, charge.id, 'processor', '',
    charge.refunded_minor - given.sum, charge.currency, 'made at the payment processor, not here',
    false, 'succeeded', '', '', 0, 'succeeded', now(), now(), now(), now() + interval '40 days'
  FROM payments_charge charge, LATERAL (
    SELECT coalesce(sum(amount_minor), 0) AS sum FROM payments_refund
    WHERE charge_id = charge.id AND state = 'succeeded') given
  WHERE charge.refunded_minor > given.sum;
"""

BACKWARD = """
DROP TRIGGER fits ON payments_refund;
CREATE OR REPLACE FUNCTION payments_refund_fits() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER fits BEFORE INSERT ON payments_refund
  FOR EACH ROW EXECUTE FUNCTION payments_refund_fits();
CREATE OR REPLACE FUNCTION payments_keep_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.account_id, NEW.charge_id, NEW.decision_id, NEW.amount_minor, NEW.currency,
      NEW.revokes_credits, NEW.created_at) IS DISTINCT FROM
     (OLD.account_id, OLD.charge_id, OLD.decision_id, OLD.amount_minor, OLD.currency,
      OLD.revokes_credits, OLD.created_at) THEN
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
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0022_nothing_bought_when_closed")]

    operations = [
        migrations.AddField(
            "refund",
            "origin",
            models.CharField(
                choices=[("ours", "Ours"), ("processor", "Processor")], default="ours", max_length=12
            ),
        ),
        migrations.AddField(
            "refund",
            "told_state",
            models.CharField(blank=True, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AlterField(
            "refund", "decision_id", models.CharField(blank=True, max_length=32)
        ),
        migrations.RemoveConstraint("refund", "payments_refund_once_per_decision"),
        migrations.AddConstraint(
            "refund",
            models.UniqueConstraint(
                condition=Q(origin="ours"),
                fields=["charge", "decision_id"],
                name="payments_refund_once_per_decision",
            ),
        ),
        migrations.AddConstraint(
            "refund",
            models.CheckConstraint(
                condition=Q(origin="ours") & ~Q(decision_id="")
                | Q(origin="processor", decision_id=""),
                name="payments_refund_rests_on_a_decision",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
