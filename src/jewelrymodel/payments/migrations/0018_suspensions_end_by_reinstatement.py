"""The suspension of a subscription ends when it is reinstated: one pair of words for both."""

from django.db import migrations, models
from django.db.models import Q

NAME = "payments_suspension_once_per_cause"


class Migration(migrations.Migration):
    dependencies = [("payments", "0017_former_states_are_refused")]

    operations = [
        migrations.RemoveConstraint("subscriptionsuspension", NAME),
        migrations.RenameField("subscriptionsuspension", "lifted_at", "reinstated_at"),
        migrations.AddConstraint(
            "subscriptionsuspension",
            models.UniqueConstraint(
                condition=Q(reinstated_at__isnull=True),
                fields=["subscription", "cause_id"],
                name=NAME,
            ),
        ),
    ]
