from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_what_was_accepted_stays")]
    operations = [
        migrations.AddField(
            model_name="order",
            name="return_origin",
            field=models.CharField(max_length=300, default=""),
            preserve_default=False,
        )
    ]
