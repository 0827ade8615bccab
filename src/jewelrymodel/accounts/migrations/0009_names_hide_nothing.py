"""Names hold no control characters and none that turn the direction of text.

Those of before lose them; an account whose name was nothing else is called after its id.
"""

from django.db import migrations, models

HIDDEN = "\u0001-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
_CLEANED = r"btrim(regexp_replace({column}, '[{hidden}\s]+', ' ', 'g'))"


def clean(apps, schema_editor):
    for table, columns in (
        ("accounts_account", ("name",)),
        ("accounts_user", ("first_name", "last_name")),
    ):
        for column in columns:
            cleaned = _CLEANED.format(column=column, hidden=HIDDEN)
            schema_editor.execute(
                f"UPDATE {table} SET {column} = {cleaned} WHERE {column} ~ '[{HIDDEN}]'"
            )
    schema_editor.execute("UPDATE accounts_account SET name = id WHERE name = ''")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_closed_accounts")]
    operations = [
        migrations.RunPython(clean, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=~models.Q(name__regex=f"[{HIDDEN}]"), name="accounts_account_name_shows"
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=~models.Q(first_name__regex=f"[{HIDDEN}]")
                & ~models.Q(last_name__regex=f"[{HIDDEN}]"),
                name="accounts_user_names_show",
            ),
        ),
    ]
