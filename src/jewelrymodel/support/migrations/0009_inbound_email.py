"""What became of an email to support is an inbound email, received at an instant."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("support", "0008_category")]
    operations = [
        migrations.RenameModel("TakenMail", "InboundEmail"),
        migrations.AlterModelTable("inboundemail", "support_inbound_email"),
        migrations.RenameField("inboundemail", "taken_at", "received_at"),
    ]
