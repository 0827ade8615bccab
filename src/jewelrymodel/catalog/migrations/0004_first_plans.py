"""What a fresh installation sells besides packages: two monthly plans."""

from datetime import UTC, datetime

from django.db import migrations

START = datetime(2026, 1, 1, tzinfo=UTC)
PLANS = [
    ("bench", "Bench", "For a few pieces every month.", 60, 1900),
    ("atelier", "Atelier", "For a shop that shows new work every week.", 250, 5900),
]
FEATURES = ["studio", "library", "downloads"]


def publish(apps, schema_editor):
    versions = apps.get_model("catalog", "ProductVersion")
    for sku, name, summary, credits, price_minor in PLANS:
        versions.objects.create(
            id=f"prv_{sku}_20260101",
            sku=sku,
            kind="subscription",
            name=name,
            summary=summary,
            credits=credits,
            price_minor=price_minor,
            currency="USD",
            interval="month",
            credits_expire_after_days=None,
            features=FEATURES,
            legal_class="digital_service",
            effective_from_at=START,
        )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_first_products")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
