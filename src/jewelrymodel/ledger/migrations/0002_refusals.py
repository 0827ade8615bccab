"""What must never be in the books, the database refuses, for every role.

Three kinds: rows that are written once (append_only, from audit), rows of which only named columns
may move, and agreements that are checked when the transaction commits.
"""

from django.db import migrations

_WRITTEN_ONCE = ("movement", "transfer", "hold_line", "entitlement_period")
_NEVER_REMOVED = ("wallet", "lot", "hold", "lot_freeze")
_MAY_MOVE = {
    "lot": "{available,held}",
    "hold": "{state,captured,resolved_at}",
    "lot_freeze": "{lifted_at}",
}

# A lot, hold or movement of another account can't be named: both columns must match.
_SAME_ACCOUNT = """
ALTER TABLE ledger_movement ADD CONSTRAINT ledger_movement_of_account UNIQUE (account_id, id);
ALTER TABLE ledger_hold_line
  ADD CONSTRAINT ledger_hold_line_hold FOREIGN KEY (account_id, hold_id)
    REFERENCES ledger_hold (account_id, id),
  ADD CONSTRAINT ledger_hold_line_of_lot FOREIGN KEY (account_id, lot_id)
    REFERENCES ledger_lot (account_id, id);
ALTER TABLE ledger_movement
  ADD CONSTRAINT ledger_movement_of_hold FOREIGN KEY (account_id, hold_id)
    REFERENCES ledger_hold (account_id, id),
  ADD CONSTRAINT ledger_movement_of_lot FOREIGN KEY (account_id, lot_id)
    REFERENCES ledger_lot (account_id, id);
ALTER TABLE ledger_transfer
  ADD CONSTRAINT ledger_transfer_of_movement FOREIGN KEY (account_id, movement_id)
    REFERENCES ledger_movement (account_id, id),
  ADD CONSTRAINT ledger_transfer_from_lot FOREIGN KEY (account_id, from_lot_id)
    REFERENCES ledger_lot (account_id, id),
  ADD CONSTRAINT ledger_transfer_to_lot FOREIGN KEY (account_id, to_lot_id)
    REFERENCES ledger_lot (account_id, id);
ALTER TABLE ledger_lot_freeze
  ADD CONSTRAINT ledger_lot_freeze_of_lot FOREIGN KEY (account_id, lot_id)
    REFERENCES ledger_lot (account_id, id);
"""

_MOVES_ONLY = """
CREATE FUNCTION ledger_moves_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - TG_ARGV[0]::text[] <> to_jsonb(OLD) - TG_ARGV[0]::text[] THEN
    RAISE EXCEPTION 'of % only % may change', TG_TABLE_NAME, TG_ARGV[0]
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""

_RESOLVED_ONCE = """
CREATE TRIGGER ledger_hold_resolved_once BEFORE UPDATE ON ledger_hold
  FOR EACH ROW WHEN (OLD.state <> 'held') EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_lot_freeze_lifted_once BEFORE UPDATE ON ledger_lot_freeze
  FOR EACH ROW WHEN (OLD.lifted_at IS NOT NULL) EXECUTE FUNCTION append_only();
"""

# What left a lot is read from its last transfer's offset, so the check costs the same for a lot
# with a million transfers; that offsets have no gaps is checked with each transfer.
_CHECK_LOT = """
CREATE FUNCTION ledger_check_lot(the_lot text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lot ledger_lot;
  came_in bigint;
  has_left bigint;
  reserved bigint;
BEGIN
  SELECT * INTO lot FROM ledger_lot WHERE id = the_lot;
  SELECT quantity INTO came_in FROM ledger_transfer WHERE to_lot_id = the_lot AND to_kind = 'lot';
  SELECT from_offset + quantity INTO has_left FROM ledger_transfer
    WHERE from_lot_id = the_lot AND from_kind = 'lot' ORDER BY from_offset DESC LIMIT 1;
  SELECT sum(l.quantity) INTO reserved
    FROM ledger_hold h JOIN ledger_hold_line l ON l.hold_id = h.id
    WHERE h.account_id = lot.account_id AND h.state = 'held' AND l.lot_id = the_lot;
  IF came_in IS DISTINCT FROM lot.quantity
     OR lot.available + lot.held <> lot.quantity - coalesce(has_left, 0)
     OR lot.held <> coalesce(reserved, 0) THEN
    RAISE EXCEPTION 'lot % (available %, held %) disagrees: came in %, left %, reserved %',
      the_lot, lot.available, lot.held, came_in, has_left, reserved
      USING ERRCODE = 'check_violation';
  END IF;
END $$;
"""

_CHECK_HOLD = """
CREATE FUNCTION ledger_check_hold(the_hold text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  hold ledger_hold;
  lined bigint;
  spent bigint;
BEGIN
  SELECT * INTO hold FROM ledger_hold WHERE id = the_hold;
  SELECT sum(quantity) INTO lined FROM ledger_hold_line WHERE hold_id = the_hold;
  SELECT sum(t.quantity) INTO spent
    FROM ledger_movement m JOIN ledger_transfer t ON t.movement_id = m.id
    WHERE m.hold_id = the_hold AND t.to_kind = 'consumed';
  IF lined IS DISTINCT FROM hold.quantity OR coalesce(spent, 0) <> hold.captured THEN
    RAISE EXCEPTION 'hold % (quantity %, captured %) disagrees: lines %, spent %',
      the_hold, hold.quantity, hold.captured, lined, spent USING ERRCODE = 'check_violation';
  END IF;
END $$;
"""

_AT_COMMIT = """
CREATE FUNCTION ledger_lot_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_check_lot(NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION ledger_transfer_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  left_before bigint;
BEGIN
  SELECT from_offset + quantity INTO left_before FROM ledger_transfer
    WHERE from_lot_id = NEW.from_lot_id AND from_kind = NEW.from_kind
      AND from_offset < NEW.from_offset ORDER BY from_offset DESC LIMIT 1;
  IF NEW.from_offset <> coalesce(left_before, 0) THEN
    RAISE EXCEPTION 'transfer % starts at %, but % had left', NEW.id, NEW.from_offset, left_before
      USING ERRCODE = 'check_violation';
  END IF;
  PERFORM ledger_check_lot(NEW.from_lot_id);
  RETURN NULL;
END $$;

CREATE FUNCTION ledger_hold_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_check_hold(NEW.id);
  PERFORM ledger_check_lot(lot_id) FROM ledger_hold_line WHERE hold_id = NEW.id;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger_hold_line_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_check_hold(NEW.hold_id);
  PERFORM ledger_check_lot(NEW.lot_id);
  RETURN NULL;
END $$;
"""

_CHECKED = {
    "lot": "INSERT OR UPDATE",
    "transfer": "INSERT",
    "hold": "INSERT OR UPDATE",
    "hold_line": "INSERT",
}


def _triggers() -> str:
    rows = [_row_trigger(t, "stays", "UPDATE OR DELETE", "append_only()") for t in _WRITTEN_ONCE]
    rows += [_row_trigger(t, "stays", "DELETE", "append_only()") for t in _NEVER_REMOVED]
    rows += [
        _row_trigger(table, "moves_only", "UPDATE", f"ledger_moves_only('{columns}')")
        for table, columns in _MAY_MOVE.items()
    ]
    rows += [
        f"CREATE TRIGGER ledger_{table}_is_not_emptied BEFORE TRUNCATE ON ledger_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only();"
        for table in (*_WRITTEN_ONCE, *_NEVER_REMOVED)
    ]
    rows += [
        f"CREATE CONSTRAINT TRIGGER ledger_{table}_agrees AFTER {events} ON ledger_{table} "
        "DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION ledger_{table}_agrees();"
        for table, events in _CHECKED.items()
    ]
    return "\n".join(rows)


def _row_trigger(table: str, name: str, events: str, function: str) -> str:
    return (
        f"CREATE TRIGGER ledger_{table}_{name} BEFORE {events} ON ledger_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function};"
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(sql)
        for sql in (
            _SAME_ACCOUNT,
            _MOVES_ONLY,
            _RESOLVED_ONCE,
            _CHECK_LOT,
            _CHECK_HOLD,
            _AT_COMMIT,
            _triggers(),
        )
    ]
