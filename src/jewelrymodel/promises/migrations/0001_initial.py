"""A promise is kept as it was signed: under its own hash, for an order that nobody has paid yet."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
ALTER TABLE promises_order_promise ADD CONSTRAINT promises_order_promise_has_its_hash
  CHECK (encode(sha256(convert_to(document, 'UTF8')), 'hex') = sha256);

CREATE FUNCTION promises_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION promises_refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM payments_order o
    WHERE o.id = NEW.order_id AND o.account_id = NEW.account_id AND o.paid_at IS NULL
  ) THEN
    RAISE EXCEPTION 'order % is paid, or another account''s: nothing is promised for it now',
      NEW.order_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER refuse_late BEFORE INSERT ON promises_order_promise
  FOR EACH ROW EXECUTE FUNCTION promises_refuse_late();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON promises_order_promise
  FOR EACH ROW EXECUTE FUNCTION promises_refuse_change();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON promises_order_promise
  FOR EACH STATEMENT EXECUTE FUNCTION promises_refuse_change();
"""
BACKWARD = """
DROP TRIGGER is_not_emptied ON promises_order_promise;
DROP TRIGGER never_change ON promises_order_promise;
DROP TRIGGER refuse_late ON promises_order_promise;
DROP FUNCTION promises_refuse_late();
DROP FUNCTION promises_refuse_change();
ALTER TABLE promises_order_promise DROP CONSTRAINT promises_order_promise_has_its_hash;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("accounts", "0011_invitations"),
        ("payments", "0022_nothing_bought_when_closed"),
    ]
    operations = [
        migrations.CreateModel(
            name="OrderPromise",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="promise",
                        serialize=False,
                        to="payments.order",
                    ),
                ),
                ("document", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("public_key", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "db_table": "promises_order_promise",
                "indexes": [models.Index(fields=["account"], name="promises_order_of_account")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
