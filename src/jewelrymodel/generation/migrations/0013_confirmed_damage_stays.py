"""What a person confirmed as damaged stays so: credits were given for it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION generation_keep_confirmed_damage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'that image % is damaged was confirmed, and stays so', OLD.id
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_confirmed_damage BEFORE UPDATE ON generation_asset
  FOR EACH ROW
  WHEN (OLD.damage_confirmed_at IS NOT NULL
        AND NEW.damage_confirmed_at IS DISTINCT FROM OLD.damage_confirmed_at)
  EXECUTE FUNCTION generation_keep_confirmed_damage();
"""
BACKWARD = """
DROP TRIGGER keep_confirmed_damage ON generation_asset;
DROP FUNCTION generation_keep_confirmed_damage();
"""


class Migration(migrations.Migration):
    dependencies = [("generation", "0012_asset_check_is_named")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
