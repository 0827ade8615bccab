"""An entry names the mail that it was read from, as one of the things that never change of it."""

from django.db import migrations, models

OF_OPENED = """
UPDATE support_case_entry AS entry SET mail_id = mail.mail_id
  FROM support_taken_mail AS mail
 WHERE mail.outcome = 'opened' AND mail.case_id = entry.case_id AND entry.id =
       (SELECT min(first.id) FROM support_case_entry AS first
         WHERE first.case_id = entry.case_id AND first.kind = 'message_in');
"""
OF_THREADED = """
UPDATE support_case_entry AS entry SET mail_id = mail.mail_id
  FROM support_taken_mail AS mail
 WHERE mail.outcome = 'threaded' AND mail.case_id = entry.case_id AND entry.mail_id = ''
   AND entry.kind = 'message_in' AND entry.created_at = mail.taken_at;
"""
KEPT = "{row}.case_id, {row}.kind, {row}.internal, {row}.author, {row}.text, {row}.created_at"
KEEP = """
CREATE OR REPLACE FUNCTION support_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR ({new}) IS DISTINCT FROM ({old}) THEN
    RAISE EXCEPTION 'what was said in a case stays as it was'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


def keep(kept: str) -> str:
    """Return the statement that makes the trigger keep these columns of an entry."""
    return KEEP.format(new=kept.format(row="NEW"), old=kept.format(row="OLD"))


class Migration(migrations.Migration):
    dependencies = [("support", "0006_mail_noted")]
    operations = [
        migrations.AddField(
            "caseentry", "mail_id", models.CharField(blank=True, default="", max_length=32), False
        ),
        migrations.AlterField("case", "extension_reason", models.TextField(blank=True)),
        migrations.RunSQL([OF_OPENED, OF_THREADED], migrations.RunSQL.noop),
        migrations.AddConstraint(
            "caseentry",
            models.UniqueConstraint(
                condition=~models.Q(mail_id=""),
                fields=["mail_id"],
                name="support_entry_once_per_mail",
            ),
        ),
        migrations.RunSQL(keep(KEPT + ", {row}.mail_id"), keep(KEPT)),
    ]
