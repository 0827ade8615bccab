"""What was decided about a ground is never taken from it, and what was linked to it stays.

0024 let its decision be emptied, and then the ground be deleted.
"""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION support_keep_ground() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.decision_id <> '' OR TG_OP = 'UPDATE' AND (
     OLD.decision_id <> '' AND NEW.decision_id = '' OR
     (NEW.case_id, NEW.category, NEW.subject_kind, NEW.subject_id, NEW.verified_records,
      NEW.added_by, NEW.added_at)
     IS DISTINCT FROM
     (OLD.case_id, OLD.category, OLD.subject_kind, OLD.subject_id, OLD.verified_records,
      OLD.added_by, OLD.added_at))
  THEN
    RAISE EXCEPTION 'a ground stays what it is, and one that was decided about stays'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
KEEP_LESS = """
CREATE OR REPLACE FUNCTION support_keep_ground() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.decision_id <> '' OR TG_OP = 'UPDATE' AND
     (NEW.case_id, NEW.category, NEW.subject_kind, NEW.subject_id, NEW.added_by, NEW.added_at)
     IS DISTINCT FROM
     (OLD.case_id, OLD.category, OLD.subject_kind, OLD.subject_id, OLD.added_by, OLD.added_at)
  THEN
    RAISE EXCEPTION 'a ground stays what it is, and one that was decided about stays'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("support", "0027_withdrawals")]

    operations = [migrations.RunSQL(KEEP, KEEP_LESS)]
