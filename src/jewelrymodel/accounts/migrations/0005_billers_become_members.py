"""No page ever gave or asked for the role of a biller: whoever has it is a member."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_language_of_a_person")]

    operations = [
        migrations.RunSQL(
            "UPDATE accounts_membership SET role = 'member' WHERE role = 'biller'",
            migrations.RunSQL.noop,
        )
    ]
