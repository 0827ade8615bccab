"""Each charge knows by which method it was paid; all that are there were paid by card."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_orders_pin_a_text")]
    operations = [
        migrations.AddField(
            model_name="charge",
            name="method",
            field=models.CharField(blank=True, default="card", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="charge",
            name="method_details",
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("method", "card"), models.Q(("card_brand", ""), ("card_last4", "")), _connector="OR"
                ),
                name="payments_charge_digits_of_a_card",
            ),
        ),
    ]
