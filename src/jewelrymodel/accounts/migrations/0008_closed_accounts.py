"""A closed account is dated twice: closed, and erased once it can't be kept any more.

The function refuses new work for a closed account. It locks the account's key, as the foreign key
does: its closing takes the whole row and waits for that, so what began before is seen by it, and
what begins later waits and is refused. The rooms put it on their tables.
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION accounts_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
  SELECT closed_at INTO closed FROM accounts_account WHERE id = NEW.account_id FOR KEY SHARE;
  IF closed IS NOT NULL THEN
    RAISE EXCEPTION 'the account % is closed and takes nothing new', NEW.account_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_emails_when_ready")]
    operations = [
        migrations.AddField("account", "erased_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(closed_at__isnull=False),
                name="accounts_account_erased_is_closed",
            ),
        ),
        migrations.RunSQL(FORWARD, "DROP FUNCTION accounts_refuse_closed();"),
    ]
