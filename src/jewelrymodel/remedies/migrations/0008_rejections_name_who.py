"""No failure is a rejection in disguise any more, and each rejection names who rejected it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("remedies", "0007_rejected_is_a_state")]
    operations = [
        migrations.AddConstraint(
            "remedyrow",
            models.CheckConstraint(
                condition=~Q(failure__startswith="sent back: "),
                name="remedies_remedy_rejection_is_a_state",
            ),
        ),
        migrations.AddConstraint(
            "remedyrow",
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(seconded_by=""),
                name="remedies_remedy_rejection_names_who",
            ),
        ),
    ]
