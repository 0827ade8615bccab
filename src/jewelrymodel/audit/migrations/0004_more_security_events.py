"""Sign-outs, wrong codes, new passwords and changed second factors are counted at doors too."""

from typing import ClassVar

from django.db import migrations, models

KINDS = [
    ("signed_in", "Signed in"),
    ("sign_in_failed", "Sign-in failed"),
    ("code_failed", "Wrong code of a second factor"),
    ("signed_out", "Signed out"),
    ("password_changed", "Password changed"),
    ("factor_changed", "Second factor set up, renewed or removed"),
    ("refused", "Refused: no right"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0003_security_events")]

    operations: ClassVar = [
        migrations.RemoveConstraint("securityevent", "audit_security_event_kind"),
        migrations.AlterField(
            "securityevent", "kind", models.CharField(max_length=20, choices=KINDS)
        ),
        migrations.AddConstraint(
            "securityevent",
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind for kind, _ in KINDS]),
                name="audit_security_event_kind",
            ),
        ),
    ]
