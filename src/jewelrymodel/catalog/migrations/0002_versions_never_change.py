"""The database itself refuses what would rewrite an offer that somebody accepted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION catalog_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows never change: publish a new version', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION catalog_only_end_a_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.effective_until_at IS NOT NULL
     OR to_jsonb(NEW) - 'effective_until_at' <> to_jsonb(OLD) - 'effective_until_at' THEN
    RAISE EXCEPTION 'a product version never changes: publish a new one'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER only_end BEFORE UPDATE ON catalog_product_version
  FOR EACH ROW EXECUTE FUNCTION catalog_only_end_a_version();
CREATE TRIGGER never_delete BEFORE DELETE ON catalog_product_version
  FOR EACH ROW EXECUTE FUNCTION catalog_refuse_change();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON catalog_credit_price
  FOR EACH ROW EXECUTE FUNCTION catalog_refuse_change();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON catalog_terms_edition
  FOR EACH ROW EXECUTE FUNCTION catalog_refuse_change();
"""
BACKWARD = """
DROP TRIGGER never_change ON catalog_terms_edition;
DROP TRIGGER never_change ON catalog_credit_price;
DROP TRIGGER never_delete ON catalog_product_version;
DROP TRIGGER only_end ON catalog_product_version;
DROP FUNCTION catalog_only_end_a_version();
DROP FUNCTION catalog_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
