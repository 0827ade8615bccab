"""An image is found again by how it looks; those of before get theirs from the command line."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0029_saved_scenes")]
    operations = [
        migrations.AddField(
            model_name="asset", name="look_hash", field=models.BigIntegerField(null=True)
        )
    ]
