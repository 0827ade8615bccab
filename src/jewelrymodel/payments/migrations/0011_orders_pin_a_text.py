"""An order's hash is that of the edition it points to; the database refuses any other.

Not asked of old rows: ``doctor`` and ``prepare`` say where one of those points elsewhere.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE payments_order ADD CONSTRAINT payments_order_pins_a_text
  FOREIGN KEY (terms_edition_id, terms_sha256) REFERENCES catalog_terms_edition (id, sha256)
  NOT VALID;
"""
BACKWARD = "ALTER TABLE payments_order DROP CONSTRAINT payments_order_pins_a_text;"


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0010_lost_until_won"),
        ("catalog", "0005_texts_of_editions"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
