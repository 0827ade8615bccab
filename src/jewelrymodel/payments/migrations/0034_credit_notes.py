"""Credit notes, in a series of their own; numbers of documents follow each other.

Refunds of before have none: whether documents are issued for them now is for whoever keeps the
books to say (``jewelrymodel payments credit-notes``).
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

FORWARD = """
CREATE FUNCTION payments_number_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last bigint;
BEGIN
  EXECUTE format('SELECT coalesce(max(number), 0) FROM %I', TG_TABLE_NAME) INTO last;
  IF NEW.number <> last + 1 THEN
    RAISE EXCEPTION '% has number %, and the last is %', TG_TABLE_NAME, NEW.number, last
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER number_follows BEFORE INSERT ON payments_receipt
  FOR EACH ROW EXECUTE FUNCTION payments_number_follows();
CREATE TRIGGER number_follows BEFORE INSERT ON payments_credit_note
  FOR EACH ROW EXECUTE FUNCTION payments_number_follows();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON payments_credit_note
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();

CREATE FUNCTION payments_credit_note_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE went bigint; went_order varchar; invoice payments_receipt; note payments_credit_note;
  credited bigint; credited_tax bigint; standing bigint; listed bigint;
BEGIN
  SELECT refund.amount_minor, charge.order_id INTO went, went_order FROM payments_refund refund
    JOIN payments_charge charge ON charge.id = refund.charge_id WHERE refund.id = NEW.refund_id;
  SELECT * INTO invoice FROM payments_receipt WHERE id = NEW.receipt_id;
  SELECT coalesce(sum((one->>'tax_minor')::bigint), 0) INTO listed
    FROM jsonb_array_elements(coalesce(NEW.tax->'lines', '[]')) AS one;
  IF went_order <> invoice.order_id OR NEW.account_id <> invoice.account_id
     OR NEW.currency <> invoice.currency OR NEW.total_minor > went
     OR (NEW.tax ? 'lines' AND listed <> NEW.tax_minor) THEN
    RAISE EXCEPTION 'credit note % doesn''t fit refund % of invoice %',
      NEW.number, NEW.refund_id, NEW.receipt_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.voids_id IS NOT NULL THEN
    SELECT * INTO note FROM payments_credit_note WHERE id = NEW.voids_id;
    IF note.voids_id IS NOT NULL OR (note.refund_id, note.receipt_id, note.total_minor,
        note.tax_minor) <> (NEW.refund_id, NEW.receipt_id, NEW.total_minor, NEW.tax_minor) THEN
      RAISE EXCEPTION 'credit note % doesn''t void %', NEW.number, NEW.voids_id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT coalesce(sum(total_minor), 0), coalesce(sum(tax_minor), 0),
      count(*) FILTER (WHERE refund_id = NEW.refund_id)
    INTO credited, credited_tax, standing
    FROM payments_credit_note AS one
    WHERE one.receipt_id = NEW.receipt_id AND one.voids_id IS NULL
      AND NOT EXISTS (SELECT FROM payments_credit_note WHERE voids_id = one.id);
  IF standing > 0 OR credited + NEW.total_minor > invoice.total_minor
     OR credited_tax + NEW.tax_minor > invoice.tax_minor THEN
    RAISE EXCEPTION 'credit note % takes back more than is left of invoice %',
      NEW.number, NEW.receipt_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON payments_credit_note
  FOR EACH ROW EXECUTE FUNCTION payments_credit_note_fits();
"""
BACKWARD = """
DROP TRIGGER fits ON payments_credit_note;
DROP FUNCTION payments_credit_note_fits();
DROP TRIGGER never_change ON payments_credit_note;
DROP TRIGGER number_follows ON payments_credit_note;
DROP TRIGGER number_follows ON payments_receipt;
DROP FUNCTION payments_number_follows();
"""


def _key(model, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=model, **more)


class Migration(migrations.Migration):
    dependencies = [("payments", "0033_tax_in_charges")]
    operations = [
        migrations.AlterField(
            "counter",
            "series",
            models.CharField(
                choices=[
                    ("order", "Order"),
                    ("receipt", "Receipt"),
                    ("credit", "Credit Note"),
                ],
                max_length=10,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.CreateModel(
            name="CreditNote",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("account", _key("accounts.account")),
                ("receipt", _key("payments.receipt", related_name="credit_notes")),
                ("refund", _key("payments.refund", related_name="credit_notes")),
                (
                    "voids",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voided_by",
                        to="payments.creditnote",
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("seller", models.JSONField()),
                ("buyer", models.JSONField()),
                ("reason", models.CharField(max_length=300)),
                ("tax", models.JSONField(default=dict)),
                ("subtotal_minor", models.PositiveIntegerField()),
                ("tax_minor", models.PositiveIntegerField()),
                ("total_minor", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("issued_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_credit_note",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            total_minor=F("subtotal_minor") + F("tax_minor"), total_minor__gt=0
                        ),
                        name="payments_credit_note_total",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
