"""What an image is found again by goes with its files; of those that went before, too."""

from django.db import migrations


def forget(apps, schema_editor):
    gone = apps.get_model("generation", "Asset").objects.filter(purged_at__isnull=False)
    gone.exclude(look_hash=None).update(look_hash=None)


class Migration(migrations.Migration):
    dependencies = [("generation", "0030_look_hash")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
