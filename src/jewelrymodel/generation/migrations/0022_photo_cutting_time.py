from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("generation", "0021_batches"),
    ]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="cutting_s",
            field=models.FloatField(null=True),
        ),
    ]
