"""Every key and unique column of text had a second index, by pattern; nobody looks by one.

New ones aren't made any more (``infra.postgresql``). They took a quarter of all indexes and a third
of what is written to the log for an image.
"""

from django.db import migrations

_DROP = """
DO $$
DECLARE
  twin regclass;
BEGIN
  FOR twin IN
    SELECT i.indexrelid::regclass
    FROM pg_index i
    JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = current_schema()::regnamespace
    JOIN pg_opclass o ON o.oid = i.indclass[0]
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
    WHERE i.indnkeyatts = 1 AND NOT i.indisunique
      AND o.opcname IN ('varchar_pattern_ops', 'text_pattern_ops')
      AND (t.relname, a.attname) <> ('accounts_user', 'email')
  LOOP
    EXECUTE format('DROP INDEX %s', twin);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("infra", "0005_mail_once")]
    operations = [migrations.RunSQL(_DROP, migrations.RunSQL.noop)]
