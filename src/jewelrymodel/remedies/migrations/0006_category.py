"""What a request is about is called its category; the policy's own fact keeps its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("remedies", "0005_remedies_give")]
    operations = [migrations.RenameField("decisionrecord", "ground", "category")]
