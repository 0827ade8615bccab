"""New receipts are RCP-000001; one that was issued as R-000001 keeps its number for good."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_orders_that_a_person_reviews")]

    operations = [
        migrations.AddField("receipt", "prefix", models.CharField(default="R", max_length=3)),
        migrations.AlterField("receipt", "prefix", models.CharField(default="RCP", max_length=3)),
    ]
