"""What a fresh installation sells: three packages. Operators publish their own versions later."""

from datetime import UTC, datetime

from django.db import migrations

START = datetime(2026, 1, 1, tzinfo=UTC)
PACKAGES = [
    ("tray", "Tray", "Try it on a few pieces.", 20, 900),
    ("case", "Case", "A small collection, worn and styled.", 100, 3900),
    ("vault", "Vault", "A season's catalogue.", 300, 9900),
]
FEATURES = ["studio", "library", "downloads"]


def publish(apps, schema_editor):
    versions = apps.get_model("catalog", "ProductVersion")
    for sku, name, summary, credits, price_minor in PACKAGES:
        versions.objects.create(
            id=f"prv_{sku}_20260101",
            sku=sku,
            kind="package",
            name=name,
            summary=summary,
            credits=credits,
            price_minor=price_minor,
            currency="USD",
            interval="none",
            credits_expire_after_days=None,
            features=FEATURES,
            legal_class="digital_service",
            effective_from_at=START,
        )
    prices = apps.get_model("catalog", "CreditPrice")
    for work, credits in (("image", 1), ("preview", 0)):
        prices.objects.create(
            id=f"crp_{work}_20260101", work=work, credits=credits, effective_from_at=START
        )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_versions_never_change")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
