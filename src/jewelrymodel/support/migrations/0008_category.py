"""What a request is about is called its category, as on the page."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("support", "0007_mails_of_entries")]
    operations = [migrations.RenameField("case", "ground", "category")]
