"""The role of a biller is refused, now that no row has it."""

from django.db import migrations, models

ROLES = [("owner", "Owner"), ("member", "Member")]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_billers_become_members")]

    operations = [
        migrations.RemoveConstraint("membership", "accounts_membership_role"),
        migrations.AlterField(
            "membership", "role", models.CharField(choices=ROLES, max_length=10)
        ),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "member"]), name="accounts_membership_role"
            ),
        ),
    ]
