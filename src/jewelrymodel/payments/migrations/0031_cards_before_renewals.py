"""Before which renewal a plan's card was looked at; what renews is found by when."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0030_payments_made_elsewhere")]
    operations = [
        migrations.AddField(
            "subscription", "card_checked_for_at", models.DateTimeField(null=True)
        ),
        migrations.AddIndex(
            "subscription",
            models.Index(
                condition=Q(cancel_requested_at__isnull=True, state="active"),
                fields=["period_ends_at"],
                name="payments_subscription_renewing",
            ),
        ),
    ]
