"""Invitations into an account."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

ROLES = ["owner", "biller", "member"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0010_billers")]

    operations: ClassVar = [
        migrations.CreateModel(
            "Invitation",
            [
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        max_length=10,
                        choices=[("owner", "Owner"), ("biller", "Billing"), ("member", "Member")],
                    ),
                ),
                ("invited_by", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="accounts.account",
                    ),
                ),
            ],
            options={"db_table": "accounts_invitation"},
        ),
        migrations.AddConstraint(
            "invitation",
            models.UniqueConstraint(
                fields=["account", "email"],
                condition=models.Q(ended_at=None),
                name="accounts_invitation_once",
            ),
        ),
        migrations.AddConstraint(
            "invitation",
            models.CheckConstraint(
                condition=models.Q(role__in=ROLES), name="accounts_invitation_role"
            ),
        ),
    ]
