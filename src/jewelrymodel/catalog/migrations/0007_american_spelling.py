"""A summary is spelled as everything else is; versions never change otherwise (0002)."""

from django.db import migrations

FORWARD = """
ALTER TABLE catalog_product_version DISABLE TRIGGER only_end;
UPDATE catalog_product_version SET summary = 'A whole season’s catalog.'
 WHERE summary = 'A season''s catalogue.';
ALTER TABLE catalog_product_version ENABLE TRIGGER only_end;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_checkout_terms")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
