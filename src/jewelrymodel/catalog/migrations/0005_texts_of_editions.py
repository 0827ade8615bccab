"""The texts of the editions live in the database: a backup of it holds what people accepted.

A text is kept under its hash, and the database computes that hash itself. Every edition from now on
has its text; of those that were registered before, ``prepare`` fills in what it finds, so the
foreign key isn't asked of old rows. Editions take effect in the order of their dates.
"""

from django.db import migrations, models

FORWARD = """
ALTER TABLE catalog_terms_text ADD CONSTRAINT catalog_terms_text_has_its_hash
  CHECK (encode(sha256(convert_to(text, 'UTF8')), 'hex') = sha256);
ALTER TABLE catalog_terms_edition ADD CONSTRAINT catalog_terms_edition_has_its_text
  FOREIGN KEY (sha256) REFERENCES catalog_terms_text (sha256) NOT VALID;
CREATE UNIQUE INDEX catalog_terms_edition_and_its_hash ON catalog_terms_edition (id, sha256);

CREATE FUNCTION catalog_keep_editions_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM catalog_terms_edition e WHERE e.policy = NEW.policy
      AND (e.edition_on < NEW.edition_on AND e.effective_from_at >= NEW.effective_from_at
        OR e.edition_on > NEW.edition_on AND e.effective_from_at <= NEW.effective_from_at)
  ) THEN
    RAISE EXCEPTION 'editions take effect in the order of their dates, one at a time'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_in_order BEFORE INSERT ON catalog_terms_edition
  FOR EACH ROW EXECUTE FUNCTION catalog_keep_editions_in_order();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON catalog_terms_edition
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_refuse_change();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON catalog_terms_text
  FOR EACH ROW EXECUTE FUNCTION catalog_refuse_change();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON catalog_terms_text
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_refuse_change();
"""
BACKWARD = """
DROP TRIGGER is_not_emptied ON catalog_terms_text;
DROP TRIGGER never_change ON catalog_terms_text;
DROP TRIGGER is_not_emptied ON catalog_terms_edition;
DROP TRIGGER keep_in_order ON catalog_terms_edition;
DROP FUNCTION catalog_keep_editions_in_order();
DROP INDEX catalog_terms_edition_and_its_hash;
ALTER TABLE catalog_terms_edition DROP CONSTRAINT catalog_terms_edition_has_its_text;
ALTER TABLE catalog_terms_text DROP CONSTRAINT catalog_terms_text_has_its_hash;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_first_plans")]
    operations = [
        migrations.CreateModel(
            name="TermsText",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={"db_table": "catalog_terms_text"},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
