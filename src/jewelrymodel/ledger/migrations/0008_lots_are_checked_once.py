"""A lot is checked once when a transaction commits, however often the transaction touched it.

What touches a lot writes its name down, once for the transaction; that note's own deferred trigger
checks the lot and takes the note away, so that whatever touches the lot after an early check (SET
CONSTRAINTS … IMMEDIATE) has it checked again. The check belongs to the note's insertion: taking a
note away prevents nothing, and changing one, which could pass a lot off as noted, is refused.

Notes are unlogged: between transactions there are none, so there is nothing to recover.
"""

from django.db import migrations

_NOTES = """
CREATE UNLOGGED TABLE ledger_lot_to_check (
  transaction xid8 NOT NULL,
  lot_id text NOT NULL,
  PRIMARY KEY (transaction, lot_id)
);

CREATE FUNCTION ledger_note_lot(the_lot text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_lot_to_check VALUES (pg_current_xact_id(), the_lot) ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION ledger_noted_lot_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM ledger_lot_to_check WHERE transaction = NEW.transaction AND lot_id = NEW.lot_id;
  PERFORM ledger_check_lot(NEW.lot_id);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_lot_to_check_agrees AFTER INSERT ON ledger_lot_to_check
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_noted_lot_agrees();
CREATE TRIGGER ledger_lot_to_check_stays BEFORE UPDATE ON ledger_lot_to_check
  FOR EACH ROW EXECUTE FUNCTION append_only();
"""
_NO_NOTES = """
DROP TABLE ledger_lot_to_check;
DROP FUNCTION ledger_noted_lot_agrees();
DROP FUNCTION ledger_note_lot(text);
"""

# A hold's lines are written after it, so a new hold touches no lot but through its lines.
_TOUCH = """
SET CONSTRAINTS ALL IMMEDIATE;
DROP TRIGGER ledger_lot_agrees ON ledger_lot;
DROP FUNCTION ledger_lot_agrees();

CREATE FUNCTION ledger_lot_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_note_lot(NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION ledger_transfer_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_note_lot(NEW.from_lot_id);
  RETURN NULL;
END $$;

CREATE FUNCTION ledger_hold_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_note_lot(lot_id) FROM ledger_hold_line WHERE hold_id = NEW.id;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger_hold_line_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_note_lot(NEW.lot_id);
  RETURN NULL;
END $$;

CREATE TRIGGER ledger_lot_touched AFTER INSERT OR UPDATE ON ledger_lot
  FOR EACH ROW EXECUTE FUNCTION ledger_lot_touched();
CREATE TRIGGER ledger_transfer_touched AFTER INSERT ON ledger_transfer
  FOR EACH ROW EXECUTE FUNCTION ledger_transfer_touched();
CREATE TRIGGER ledger_hold_touched AFTER UPDATE ON ledger_hold
  FOR EACH ROW EXECUTE FUNCTION ledger_hold_touched();
CREATE TRIGGER ledger_hold_line_touched AFTER INSERT ON ledger_hold_line
  FOR EACH ROW EXECUTE FUNCTION ledger_hold_line_touched();
"""
_AGREE = """
SET CONSTRAINTS ALL IMMEDIATE;
DROP TRIGGER ledger_lot_touched ON ledger_lot;
DROP TRIGGER ledger_transfer_touched ON ledger_transfer;
DROP TRIGGER ledger_hold_touched ON ledger_hold;
DROP TRIGGER ledger_hold_line_touched ON ledger_hold_line;
DROP FUNCTION ledger_lot_touched();
DROP FUNCTION ledger_transfer_touched();
DROP FUNCTION ledger_hold_touched();
DROP FUNCTION ledger_hold_line_touched();

CREATE FUNCTION ledger_lot_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_check_lot(NEW.id);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_lot_agrees AFTER INSERT OR UPDATE ON ledger_lot
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_lot_agrees();
"""

# What else is checked with each row stays with the row: offsets without gaps, and the row's hold.
_AT_COMMIT = """
CREATE OR REPLACE FUNCTION ledger_transfer_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
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
  {transfer}
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_hold_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_check_hold(NEW.id);
  {hold}
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_hold_line_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_check_hold(NEW.hold_id);
  {hold_line}
  RETURN NULL;
END $$;
"""
_ROWS_ALONE = _AT_COMMIT.format(transfer="", hold="", hold_line="")
_WITH_THEIR_LOTS = _AT_COMMIT.format(
    transfer="PERFORM ledger_check_lot(NEW.from_lot_id);",
    hold="PERFORM ledger_check_lot(lot_id) FROM ledger_hold_line WHERE hold_id = NEW.id;",
    hold_line="PERFORM ledger_check_lot(NEW.lot_id);",
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_welcomes")]
    operations = [
        migrations.RunSQL(_NOTES, _NO_NOTES),
        migrations.RunSQL(_TOUCH, _AGREE),
        migrations.RunSQL(_ROWS_ALONE, _WITH_THEIR_LOTS),
    ]
