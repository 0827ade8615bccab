"""Sign-ins, failed ones and refusals at doors, for a while."""

from typing import ClassVar

from django.db import migrations, models

KINDS = [
    ("signed_in", "Signed in"),
    ("sign_in_failed", "Sign-in failed"),
    ("refused", "Refused: no right"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0002_append_only")]

    operations: ClassVar = [
        migrations.CreateModel(
            "SecurityEvent",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, choices=KINDS)),
                ("user_id", models.BigIntegerField(default=0)),
                ("network", models.CharField(max_length=50)),
                ("about", models.CharField(max_length=80, blank=True)),
                ("hour_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
            ],
            options={"db_table": "audit_security_event"},
        ),
        migrations.AddConstraint(
            "securityevent",
            models.UniqueConstraint(
                fields=["hour_at", "kind", "user_id", "network", "about"],
                name="audit_security_event_once",
            ),
        ),
        migrations.AddConstraint(
            "securityevent",
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind for kind, _ in KINDS]),
                name="audit_security_event_kind",
            ),
        ),
        migrations.AddIndex(
            "securityevent",
            models.Index(fields=["user_id", "-id"], name="audit_security_of_person"),
        ),
        migrations.AddIndex(
            "securityevent",
            models.Index(fields=["kind", "-id"], name="audit_security_of_kind"),
        ),
    ]
