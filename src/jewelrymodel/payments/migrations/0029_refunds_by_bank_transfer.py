"""Refunds that a person makes by bank transfer, and what the database refuses of them."""

from django.db import migrations, models
from django.db.models import Q

# As in 0023 and 0007, and: the way of a refund never changes, what was recorded of a transfer is
# written once, and one that went counts against the charge like what the processor made.
_FITS = """
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
      AND (is_intent OR processor_refund_id IS NOT NULL{also});
  IF is_intent THEN paid := paid - lost; END IF;
  IF given + NEW.amount_minor > paid THEN
    RAISE EXCEPTION 'refund % would give back more than charge % holds', NEW.id, NEW.charge_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
_KEEP = """
CREATE OR REPLACE FUNCTION payments_keep_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.account_id, NEW.charge_id, NEW.origin, NEW.decision_id, NEW.amount_minor,
      NEW.currency, NEW.revokes_credits, NEW.created_at{new}) IS DISTINCT FROM
     (OLD.id, OLD.account_id, OLD.charge_id, OLD.origin, OLD.decision_id, OLD.amount_minor,
      OLD.currency, OLD.revokes_credits, OLD.created_at{old}) THEN
    RAISE EXCEPTION 'what refund % was meant to be never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
{also}  IF OLD.processor_refund_id IS NOT NULL
     AND NEW.processor_refund_id IS DISTINCT FROM OLD.processor_refund_id THEN
    RAISE EXCEPTION 'refund % is another one at the processor', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
_RECORDED = """  IF OLD.transferred_on IS NOT NULL
     AND (NEW.transferred_on, NEW.transfer_reference) IS DISTINCT FROM
       (OLD.transferred_on, OLD.transfer_reference) THEN
    RAISE EXCEPTION 'what was recorded of the transfer of refund % never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
"""
_WENT = "\n        OR way = 'transfer' AND state = 'succeeded'"
FORWARD = _FITS.format(also=_WENT) + _KEEP.format(new=", NEW.way", old=", OLD.way", also=_RECORDED)
BACKWARD = _FITS.format(also="") + _KEEP.format(new="", old="", also="")
WAYS = [("processor", "Processor"), ("transfer", "Transfer")]


class Migration(migrations.Migration):
    dependencies = [("payments", "0028_renewals_that_nobody_collects")]
    operations = [
        migrations.AddField(
            "charge",
            "payout_way",
            models.CharField(
                choices=WAYS, db_default="processor", default="processor", max_length=12
            ),
        ),
        migrations.AddField(
            "refund",
            "way",
            models.CharField(
                choices=WAYS, db_default="processor", default="processor", max_length=12
            ),
        ),
        migrations.AddField(
            "refund",
            "transfer_reference",
            models.CharField(blank=True, db_default="", default="", max_length=140),
        ),
        migrations.AddField("refund", "transferred_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "charge",
            models.CheckConstraint(
                condition=Q(payout_way__in=["processor", "transfer"]),
                name="payments_charge_payout_way",
            ),
        ),
        migrations.AddConstraint(
            "refund",
            models.CheckConstraint(
                condition=Q(
                    transfer_reference="", transferred_on__isnull=True, way="processor"
                )
                | Q(
                    origin="ours",
                    processor_refund_id__isnull=True,
                    state__in=("intended", "canceled"),
                    transfer_reference="",
                    transferred_on__isnull=True,
                    way="transfer",
                )
                | Q(
                    origin="ours",
                    processor_refund_id__isnull=True,
                    state__in=("succeeded", "failed"),
                    transferred_on__isnull=False,
                    way="transfer",
                )
                & ~Q(transfer_reference=""),
                name="payments_refund_transferred",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
