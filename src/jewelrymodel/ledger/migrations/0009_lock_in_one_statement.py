"""Locking is one statement: the wallet, then what stands under the key, then the hold.

Inside a function each statement sees what was committed before it began, so what is read after the
wallet's lock is read as it is then; a join of the two would read it as it was before the wait.
"""

from django.db import migrations

_LOCK = """
CREATE FUNCTION ledger_lock(the_account text, the_operation text, the_key text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  first_id bigint;
BEGIN
  PERFORM FROM ledger_wallet WHERE account_id = the_account FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO ledger_wallet (account_id) SELECT id FROM accounts_account WHERE id = the_account
      ON CONFLICT DO NOTHING;
    PERFORM FROM ledger_wallet WHERE account_id = the_account FOR UPDATE;
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
  END IF;
  SELECT id INTO first_id FROM ledger_movement
    WHERE account_id = the_account AND operation = the_operation AND idempotency_key = the_key;
  RETURN coalesce(first_id, 0);
END $$;
"""
_LOCK_HOLD = """
CREATE FUNCTION ledger_lock_hold(
  the_hold text, the_operation text, the_key text,
  OUT id text, OUT account_id text, OUT subject text, OUT quantity int, OUT state text,
  OUT captured int, OUT created_at timestamptz, OUT resolved_at timestamptz,
  OUT lots text[], OUT quantities int[], OUT lives interval[], OUT first_id bigint
) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
  SELECT h.account_id INTO account_id FROM ledger_hold h WHERE h.id = the_hold;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  first_id := ledger_lock(account_id, the_operation, the_key);
  SELECT h.id, h.subject, h.quantity, h.state, h.captured, h.created_at, h.resolved_at
    INTO id, subject, quantity, state, captured, created_at, resolved_at
    FROM ledger_hold h WHERE h.id = the_hold FOR UPDATE;
  SELECT array_agg(l.lot_id ORDER BY l.position), array_agg(l.quantity ORDER BY l.position),
      array_agg(l.remaining_life ORDER BY l.position)
    INTO lots, quantities, lives
    FROM ledger_hold_line l WHERE l.hold_id = the_hold;
  RETURN NEXT;
END $$;
"""
_BACK = """
DROP FUNCTION ledger_lock_hold;
DROP FUNCTION ledger_lock;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_lots_are_checked_once")]
    operations = [migrations.RunSQL(_LOCK + _LOCK_HOLD, _BACK)]
