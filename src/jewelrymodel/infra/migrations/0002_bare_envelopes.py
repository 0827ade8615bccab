"""An envelope's sender stands without its brackets; the null return path is an empty string."""

from django.db import migrations, models

BARE = """
UPDATE infra_mail_message SET envelope_from = btrim(envelope_from, '<> ')
 WHERE envelope_from LIKE '<%>';
"""


class Migration(migrations.Migration):
    dependencies = [("infra", "0001_initial")]
    operations = [
        migrations.RunSQL(BARE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="mailmessage",
            constraint=models.CheckConstraint(
                condition=~models.Q(envelope_from__startswith="<"),
                name="infra_mail_envelope_is_bare",
            ),
        ),
    ]
