"""What was attested never changes and never goes."""

from django.db import migrations

_TABLES = ("attestation", "account_history", "record")
_FUNCTION = """
CREATE FUNCTION attestation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION attestation_refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM attestation_attestation) THEN
    RAISE EXCEPTION 'attestation % does not follow the last', NEW.number
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT ON attestation_attestation
  FOR EACH ROW EXECUTE FUNCTION attestation_refuse_gap();
"""
_STAYS = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON attestation_{0}
  FOR EACH ROW EXECUTE FUNCTION attestation_refuse_change();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON attestation_{0}
  FOR EACH STATEMENT EXECUTE FUNCTION attestation_refuse_change();
"""
_BACK = """
DROP TRIGGER is_not_emptied ON attestation_{0};
DROP TRIGGER never_change ON attestation_{0};
"""
FORWARD = _FUNCTION + "".join(map(_STAYS.format, _TABLES))
BACKWARD = "".join(map(_BACK.format, _TABLES)) + (
    "DROP TRIGGER follows ON attestation_attestation; "
    "DROP FUNCTION attestation_refuse_gap(); DROP FUNCTION attestation_refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [("attestation", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
