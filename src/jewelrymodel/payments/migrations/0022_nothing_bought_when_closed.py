"""A closed account buys nothing; a renewal that was charged all the same is booked."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER refuse_closed BEFORE INSERT ON payments_order
  FOR EACH ROW WHEN (NEW.subscription_id IS NULL) EXECUTE FUNCTION accounts_refuse_closed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_closed_accounts"),
        ("payments", "0021_held_orders_have_a_code"),
    ]
    operations = [migrations.RunSQL(FORWARD, "DROP TRIGGER refuse_closed ON payments_order;")]
