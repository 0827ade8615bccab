"""How large a piece of that form usually is, as long as its seller hasn't said how large it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0027_nothing_new_when_closed")]
    operations = [migrations.AddField("photo", "usual_mm", models.FloatField(null=True))]
