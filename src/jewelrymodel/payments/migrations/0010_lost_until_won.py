"""Since when a bank has the money of a charge; an appeal is no decision (edge 13)."""

from django.db import migrations, models

_LOST_NOW = "UPDATE payments_dispute SET lost_at = seen_at WHERE status = 'lost'"


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_customers_at_the_processor")]

    operations = [
        migrations.AddField(
            model_name="chargedispute",
            name="lost_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(_LOST_NOW, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="chargedispute",
            constraint=models.CheckConstraint(
                condition=~models.Q(status="lost", lost_at__isnull=True)
                & ~models.Q(status="won", lost_at__isnull=False),
                name="payments_dispute_lost_until_won",
            ),
        ),
    ]
