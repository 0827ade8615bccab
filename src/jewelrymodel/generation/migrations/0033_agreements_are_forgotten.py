"""A signed agreement can be emptied, as a whole, once it is over and its downloads are gone."""

from django.db import migrations

_FORWARD = """
CREATE OR REPLACE FUNCTION generation_keep_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  emptied text[] := '{text,text_sha256,record,signature}';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - emptied = to_jsonb(OLD) - emptied
       AND NEW.text = '' AND NEW.text_sha256 = '' AND NEW.record = '' AND NEW.signature = ''
       AND EXISTS (
         SELECT 1 FROM generation_own_model WHERE id = OLD.own_model_id
           AND status IN ('revoked', 'expired') AND images_stopped_at IS NOT NULL
       ) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the agreement on own model % is a record', OLD.own_model_id
    USING ERRCODE = 'restrict_violation';
END $$;
"""
_BACKWARD = """
CREATE OR REPLACE FUNCTION generation_keep_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the agreement on own model % is a record', OLD.own_model_id
    USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("generation", "0032_no_index_twice")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
