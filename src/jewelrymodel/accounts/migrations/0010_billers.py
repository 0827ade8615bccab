"""Billers, who pay for an account and don't work in its studio; no administration pages any more.

What those pages logged goes with them: nothing of ours ever wrote there, and a table with a key to
people that no code knows would stop a person from being removed.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0009_names_hide_nothing")]

    operations: ClassVar = [
        migrations.RemoveConstraint("membership", "accounts_membership_role"),
        migrations.AlterField(
            "membership",
            "role",
            models.CharField(
                max_length=10,
                choices=[("owner", "Owner"), ("biller", "Billing"), ("member", "Member")],
            ),
        ),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "biller", "member"]),
                name="accounts_membership_role",
            ),
        ),
        migrations.RunSQL("DROP TABLE IF EXISTS django_admin_log", migrations.RunSQL.noop),
    ]
