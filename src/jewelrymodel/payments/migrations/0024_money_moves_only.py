"""The database refuses to rewrite money: of a charge only its split moves, and what was refunded or
lost of it has rows that say so.
"""

from django.db import migrations

_KEEP = """
CREATE FUNCTION payments_keep_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({new}) IS DISTINCT FROM ({old}) THEN
    RAISE EXCEPTION 'what {name} % is about never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep BEFORE UPDATE ON payments_{name}
  FOR EACH ROW EXECUTE FUNCTION payments_keep_{name}();
"""
KEPT = {
    "charge": (
        *("id", "account_id", "order_id", "processor", "processor_charge_id"),
        *("processor_intent_id", "paid_minor", "currency", "charged_at"),
    ),
    "dispute": ("id", "account_id", "charge_id", "processor_dispute_id"),
    "subscription": (
        *("id", "account_id", "product_version_id", "processor_subscription_id", "started_at"),
    ),
}


def _row(name: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{name}.{one}" for one in columns)


_SUMS = """
CREATE FUNCTION payments_charge_is_accounted_for() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said_refunded bigint; said_lost bigint; refunded bigint; lost bigint; its varchar;
BEGIN
  IF TG_TABLE_NAME = 'payments_charge' THEN its := NEW.id; ELSE its := NEW.charge_id; END IF;
  -- in one statement: of two the second would see what another committed in between
  SELECT refunded_minor, lost_minor,
    (SELECT coalesce(sum(amount_minor), 0) FROM payments_refund
      WHERE charge_id = its AND state = 'succeeded'),
    (SELECT coalesce(sum(amount_minor), 0) FROM payments_dispute
      WHERE charge_id = its AND lost_at IS NOT NULL)
    INTO said_refunded, said_lost, refunded, lost
    FROM payments_charge WHERE id = its;
  IF said_refunded <> refunded THEN
    RAISE EXCEPTION 'charge % says % refunded, its refunds %', its, said_refunded, refunded
      USING ERRCODE = 'check_violation';
  END IF;
  IF said_lost > lost THEN
    RAISE EXCEPTION 'charge % says % lost, its disputes %', its, said_lost, lost
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_accounted_for AFTER INSERT OR UPDATE ON payments_charge
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_charge_is_accounted_for();
CREATE CONSTRAINT TRIGGER is_accounted_for AFTER INSERT ON payments_refund
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_charge_is_accounted_for();
CREATE CONSTRAINT TRIGGER stays_accounted_for AFTER UPDATE ON payments_refund
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((NEW.state, NEW.amount_minor) IS DISTINCT FROM (OLD.state, OLD.amount_minor))
  EXECUTE FUNCTION payments_charge_is_accounted_for();
"""
FORWARD = _SUMS + "".join(
    _KEEP.format(name=name, new=_row("NEW", columns), old=_row("OLD", columns))
    for name, columns in KEPT.items()
)
BACKWARD = """
DROP TRIGGER keep ON payments_subscription;
DROP FUNCTION payments_keep_subscription();
DROP TRIGGER keep ON payments_dispute;
DROP FUNCTION payments_keep_dispute();
DROP TRIGGER keep ON payments_charge;
DROP FUNCTION payments_keep_charge();
DROP TRIGGER stays_accounted_for ON payments_refund;
DROP TRIGGER is_accounted_for ON payments_refund;
DROP TRIGGER is_accounted_for ON payments_charge;
DROP FUNCTION payments_charge_is_accounted_for();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0023_refunds_made_at_the_processor")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
