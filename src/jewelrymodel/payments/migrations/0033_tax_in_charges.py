"""The tax in a charge as the processor said it, and whether an order asked for it.

Orders, charges and receipts of before have none, and read as they did.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_former = importlib.import_module("jewelrymodel.payments.migrations.0021_held_orders_have_a_code")
CODES = [*_former.CODES[:-1], ("tax_lines", "Tax Lines"), _former.CODES[-1]]
BEHAVIORS = [("inclusive", "Inclusive"), ("exclusive", "Exclusive")]

FORWARD = """
CREATE FUNCTION payments_tax_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE paid bigint; listed bigint;
BEGIN
  SELECT paid_minor INTO paid FROM payments_charge WHERE id = NEW.charge_id;
  SELECT coalesce(sum((one->>'tax_minor')::bigint), 0) INTO listed
    FROM jsonb_array_elements(NEW.lines) AS one;
  IF NEW.tax_minor <> listed OR NEW.tax_minor > paid THEN
    RAISE EXCEPTION 'the tax of charge % is % by its lines, % by its sum, of % paid',
      NEW.charge_id, listed, NEW.tax_minor, paid USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER adds_up BEFORE INSERT ON payments_charge_tax
  FOR EACH ROW EXECUTE FUNCTION payments_tax_adds_up();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON payments_charge_tax
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""
BACKWARD = """
DROP TRIGGER never_change ON payments_charge_tax;
DROP TRIGGER adds_up ON payments_charge_tax;
DROP FUNCTION payments_tax_adds_up();
"""


def _held(codes):
    return models.CheckConstraint(
        condition=Q(held_code__in=[code for code, _ in codes])
        | Q(held_code="") & ~Q(state="requires_review"),
        name="payments_order_held_code",
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0032_transfers_beyond_the_payment")]
    operations = [
        migrations.CreateModel(
            name="ChargeTax",
            fields=[
                (
                    "charge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="tax",
                        serialize=False,
                        to="payments.charge",
                    ),
                ),
                ("tax_minor", models.PositiveIntegerField()),
                ("lines", models.JSONField()),
                ("country", models.CharField(blank=True, max_length=2)),
                ("tax_ids", models.JSONField()),
                ("exempt", models.CharField(blank=True, max_length=20)),
            ],
            options={"db_table": "payments_charge_tax"},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddField(
            "order",
            "tax_behavior",
            models.CharField(
                blank=True, choices=BEHAVIORS, db_default="", default="", max_length=9
            ),
        ),
        migrations.AddField("receipt", "tax", models.JSONField(db_default={}, default=dict)),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=Q(tax_behavior__in=("", "inclusive", "exclusive")),
                name="payments_order_tax_behavior",
            ),
        ),
        migrations.RemoveConstraint("order", "payments_order_held_code"),
        migrations.AlterField(
            "order",
            "held_code",
            models.CharField(blank=True, choices=CODES, db_default="", max_length=32),
        ),
        migrations.AddConstraint("order", _held(CODES)),
    ]
