"""American English in the record too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("generation", "0004_cutout_is_one_word")]
    operations = [migrations.RenameField("asset", "favourite_at", "favorite_at")]
