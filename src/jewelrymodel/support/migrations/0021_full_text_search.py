"""What was written is found by its words: generated columns, each with an index.

No model names them, since every read of an entry would fetch them. The configuration is "simple":
people write in many languages. Of a text only so much is indexed as PostgreSQL surely takes (a
tsvector holds 1 MB). An email without a request keeps its text for this.
"""

from django.db import migrations, models

FORWARD = """
ALTER TABLE support_case_entry ADD COLUMN words tsvector
  GENERATED ALWAYS AS (to_tsvector('simple', left(text, 100000))) STORED;
CREATE INDEX support_entry_words ON support_case_entry USING gin (words);
ALTER TABLE support_inbound_email ADD COLUMN words tsvector
  GENERATED ALWAYS AS (
    to_tsvector('simple', left(subject, 2000) || ' ' || sender || ' ' || left(text, 100000))
  ) STORED;
CREATE INDEX support_email_words ON support_inbound_email USING gin (words)
  WHERE case_id IS NULL;
"""
BACKWARD = """
ALTER TABLE support_inbound_email DROP COLUMN words;
ALTER TABLE support_case_entry DROP COLUMN words;
"""


class Migration(migrations.Migration):
    dependencies = [("support", "0020_merge_and_split")]

    operations = [
        migrations.AddField(
            model_name="inboundemail",
            name="text",
            field=models.TextField(blank=True, default="", db_default=""),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
