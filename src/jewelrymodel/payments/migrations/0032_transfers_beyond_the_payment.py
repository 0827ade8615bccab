"""A charge whose bank transfer was sent besides another refund says all of it refunded, and no more
than was paid: what left beyond is the sum of its refunds and losses, less that.
"""

from django.db import migrations

_SUMS = """
CREATE OR REPLACE FUNCTION payments_charge_is_accounted_for() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said_refunded bigint; said_lost bigint; refunded bigint; lost bigint; its varchar;{declared}
BEGIN
  IF TG_TABLE_NAME = 'payments_charge' THEN its := NEW.id; ELSE its := NEW.charge_id; END IF;
  -- in one statement: of two the second would see what another committed in between
  SELECT refunded_minor, lost_minor,
    (SELECT coalesce(sum(amount_minor), 0) FROM payments_refund
      WHERE charge_id = its AND state = 'succeeded'),
    (SELECT coalesce(sum(amount_minor), 0) FROM payments_dispute
      WHERE charge_id = its AND lost_at IS NOT NULL){read}
    INTO said_refunded, said_lost, refunded, lost{into}
    FROM payments_charge WHERE id = its;
{also}  IF said_refunded <> refunded THEN
    RAISE EXCEPTION 'charge % says % refunded, its refunds %', its, said_refunded, refunded
      USING ERRCODE = 'check_violation';
  END IF;
  IF said_lost > lost THEN
    RAISE EXCEPTION 'charge % says % lost, its disputes %', its, said_lost, lost
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""
FORWARD = _SUMS.format(
    declared="\n  paid bigint; by_hand boolean;",
    read=""",
    paid_minor, EXISTS (SELECT FROM payments_refund
      WHERE charge_id = its AND state = 'succeeded' AND way = 'transfer')""",
    into=", paid, by_hand",
    also="  IF by_hand THEN refunded := least(refunded, paid); END IF;\n",
)
BACKWARD = _SUMS.format(declared="", read="", into="", also="")


class Migration(migrations.Migration):
    dependencies = [("payments", "0031_cards_before_renewals")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
