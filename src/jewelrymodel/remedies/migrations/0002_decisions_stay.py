"""The database keeps a decision as it was taken, and a remedy as it was owed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION remedies_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION remedies_keep_remedy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.decision_id, NEW.once_key, NEW.kind, NEW.credits, NEW.amount_minor, NEW.currency)
     IS DISTINCT FROM
     (OLD.decision_id, OLD.once_key, OLD.kind, OLD.credits, OLD.amount_minor, OLD.currency) THEN
    RAISE EXCEPTION 'what remedy % owes never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON remedies_decision
  FOR EACH ROW EXECUTE FUNCTION remedies_refuse_change();
CREATE TRIGGER keep_remedy BEFORE UPDATE ON remedies_remedy
  FOR EACH ROW EXECUTE FUNCTION remedies_keep_remedy();
CREATE TRIGGER never_delete BEFORE DELETE ON remedies_remedy
  FOR EACH ROW EXECUTE FUNCTION remedies_refuse_change();
"""
BACKWARD = """
DROP TRIGGER never_delete ON remedies_remedy;
DROP TRIGGER keep_remedy ON remedies_remedy;
DROP TRIGGER never_change ON remedies_decision;
DROP FUNCTION remedies_keep_remedy();
DROP FUNCTION remedies_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("remedies", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
