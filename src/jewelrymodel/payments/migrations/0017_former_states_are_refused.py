"""The words of before are refused, now that no row has them."""

from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("draft", "Draft"),
    ("awaiting_payment", "Awaiting Payment"),
    ("delivered", "Delivered"),
    ("canceled", "Canceled"),
    ("expired", "Expired"),
    ("requires_review", "Requires Review"),
    ("refund_due", "Refund Due"),
    ("closed", "Closed"),
]
_OF_SUBSCRIPTIONS = [("active", "Active"), ("past_due", "Past Due"), ("canceled", "Canceled")]
_CLOSE = """
CREATE OR REPLACE FUNCTION payments_close_nothing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'closed' AND OLD.state <> 'closed' AND EXISTS (
    SELECT 1 FROM payments_charge WHERE order_id = NEW.id AND kept_minor > 0) THEN
    RAISE EXCEPTION 'order %% keeps money and brought nothing for it', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = 'closed' AND NEW.state NOT IN ('closed', %s) THEN
    RAISE EXCEPTION 'order %% is closed, and only a review opens it again', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_states_in_the_fields_words")]

    operations = [
        migrations.RunSQL(
            _CLOSE % "'requires_review'", _CLOSE % "'held_for_review', 'requires_review'"
        ),
        migrations.RemoveConstraint("order", "payments_order_state"),
        migrations.AlterField(
            "order", "state", models.CharField(choices=STATES, default="draft", max_length=16)
        ),
        migrations.AlterField(
            "subscription", "state", models.CharField(choices=_OF_SUBSCRIPTIONS, max_length=16)
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _ in STATES]), name="payments_order_state"
            ),
        ),
        migrations.AddIndex(
            "order",
            models.Index(
                condition=Q(state__in=("draft", "awaiting_payment", "requires_review")),
                fields=["next_look_at"],
                name="payments_order_open",
            ),
        ),
        migrations.AddConstraint(
            "subscription",
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _ in _OF_SUBSCRIPTIONS]),
                name="payments_subscription_state",
            ),
        ),
        migrations.AddConstraint(
            "subscription",
            models.CheckConstraint(
                condition=Q(state="canceled", ended_at__isnull=False)
                | ~Q(state="canceled") & Q(ended_at__isnull=True),
                name="payments_subscription_ended_is_dated",
            ),
        ),
        migrations.AddIndex(
            "subscription",
            models.Index(
                condition=~Q(state="canceled"),
                fields=["next_look_at"],
                name="payments_subscription_live",
            ),
        ),
    ]
