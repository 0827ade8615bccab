"""Who gave a second approval, or rejected a decision, is its second approver."""

from django.db import migrations, models
from django.db.models import Q

NAME = "remedies_remedy_rejection_names_who"


class Migration(migrations.Migration):
    dependencies = [("remedies", "0008_rejections_name_who")]
    operations = [
        migrations.RemoveConstraint("remedyrow", NAME),
        migrations.RenameField("remedyrow", "seconded_by", "second_approver"),
        migrations.AddConstraint(
            "remedyrow",
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(second_approver=""), name=NAME
            ),
        ),
    ]
