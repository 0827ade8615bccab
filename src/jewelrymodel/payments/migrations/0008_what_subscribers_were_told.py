from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_no_refund_beyond_the_charge")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="told_cancel_at",
            field=models.DateTimeField(null=True),
        ),
    ]
