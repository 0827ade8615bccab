"""What is promised when the difference to a larger plan is agreed to, before it is charged."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
ALTER TABLE promises_change_promise ADD CONSTRAINT promises_change_promise_has_its_hash
  CHECK (encode(sha256(convert_to(document, 'UTF8')), 'hex') = sha256);

CREATE FUNCTION promises_refuse_charged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM payments_plan_change c WHERE c.id = NEW.change_id AND c.state = 'requested'
      AND c.timing = 'now' AND c.requested_at = NEW.made_at
  ) THEN
    RAISE EXCEPTION 'change of plan % is beyond its request: nothing is promised for it now',
      NEW.change_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_charged BEFORE INSERT ON promises_change_promise
  FOR EACH ROW EXECUTE FUNCTION promises_refuse_charged();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON promises_change_promise
  FOR EACH ROW EXECUTE FUNCTION promises_refuse_change();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON promises_change_promise
  FOR EACH STATEMENT EXECUTE FUNCTION promises_refuse_change();
"""
BACKWARD = """
DROP TRIGGER is_not_emptied ON promises_change_promise;
DROP TRIGGER never_change ON promises_change_promise;
DROP TRIGGER refuse_charged ON promises_change_promise;
DROP FUNCTION promises_refuse_charged();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0035_changes_of_plan"),
        ("promises", "0002_cancellations_and_generations"),
    ]
    operations = [
        migrations.CreateModel(
            name="ChangePromise",
            fields=[
                ("document", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("public_key", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="promise",
                        serialize=False,
                        to="payments.planchange",
                    ),
                ),
            ],
            options={"db_table": "promises_change_promise"},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
