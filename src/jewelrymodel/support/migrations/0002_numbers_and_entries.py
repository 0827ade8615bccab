"""Case numbers come from a sequence (gaps are allowed); what was said in a case stays said."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE support_case_number START 101;

CREATE FUNCTION support_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.case_id, NEW.kind, NEW.internal, NEW.author, NEW.text,
      NEW.created_at) IS DISTINCT FROM
     (OLD.case_id, OLD.kind, OLD.internal, OLD.author, OLD.text, OLD.created_at) THEN
    RAISE EXCEPTION 'what was said in a case stays as it was'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_entry BEFORE UPDATE OR DELETE ON support_case_entry
  FOR EACH ROW EXECUTE FUNCTION support_keep_entry();
"""
BACKWARD = """
DROP TRIGGER keep_entry ON support_case_entry;
DROP FUNCTION support_keep_entry();
DROP SEQUENCE support_case_number;
"""


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
