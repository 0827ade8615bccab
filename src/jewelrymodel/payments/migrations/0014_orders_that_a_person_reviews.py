"""What a held order needs to leave that state, and what is kept of the processor's side of a plan."""

from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import Q

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # every dispute is looked at once
STATES = [
    ("draft", "Draft"),
    ("awaiting_payment", "Awaiting Payment"),
    ("delivered", "Delivered"),
    ("canceled", "Canceled"),
    ("expired", "Expired"),
    ("held_for_review", "Held"),
    ("charged_in_error", "In Error"),
    ("closed", "Closed"),
]
FORWARD = """
CREATE OR REPLACE FUNCTION payments_accepted(o payments_order) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_jsonb(o) - ARRAY[
    'state', 'session_id', 'session_url', 'decline', 'held_reason', 'next_look_at',
    'cancel_asked_at', 'paid_at', 'delivered_at', 'closed_at', 'confirmed_at', 'next_confirm_at',
    'placed_by_id', 'buyer_email', 'ip', 'user_agent', 'device_id',
    'subscription_id', 'period_starts_at', 'period_ends_at', 'invoice_id',
    'processor_subscription_id', 'processor_customer_id'];
$$;

CREATE FUNCTION payments_close_nothing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'closed' AND OLD.state <> 'closed' AND EXISTS (
    SELECT 1 FROM payments_charge WHERE order_id = NEW.id AND kept_minor > 0) THEN
    RAISE EXCEPTION 'order % keeps money and brought nothing for it', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = 'closed' AND NEW.state NOT IN ('closed', 'held_for_review') THEN
    RAISE EXCEPTION 'order % is closed, and only a review opens it again', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER close_nothing_kept BEFORE UPDATE ON payments_order
  FOR EACH ROW EXECUTE FUNCTION payments_close_nothing_kept();
"""
BACKWARD = """
DROP TRIGGER close_nothing_kept ON payments_order;
DROP FUNCTION payments_close_nothing_kept();
CREATE OR REPLACE FUNCTION payments_accepted(o payments_order) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_jsonb(o) - ARRAY[
    'state', 'session_id', 'session_url', 'decline', 'held_reason', 'next_look_at',
    'cancel_asked_at', 'paid_at', 'delivered_at', 'closed_at', 'confirmed_at',
    'placed_by_id', 'buyer_email', 'ip', 'user_agent', 'device_id',
    'subscription_id', 'period_starts_at', 'period_ends_at', 'invoice_id'];
$$;
"""


def _named() -> models.CharField:
    return models.CharField(blank=True, db_index=True, default="", max_length=255)


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_refusals_that_wait")]

    operations = [
        migrations.RemoveConstraint("order", "payments_order_state"),
        migrations.RemoveIndex("order", "payments_order_open"),
        migrations.AddField(
            "chargedispute",
            "next_look_at",
            models.DateTimeField(default=LONG_AGO),
            preserve_default=False,
        ),
        migrations.AddField("order", "next_confirm_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "order", "processor_customer_id", _named(), preserve_default=False
        ),
        migrations.AddField(
            "order", "processor_subscription_id", _named(), preserve_default=False
        ),
        migrations.AddField(
            "subscription",
            "renewal_changed_by",
            models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            "subscription", "renewal_version", models.PositiveIntegerField(default=0)
        ),
        migrations.AddField("subscription", "resumed_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "order", "state", models.CharField(choices=STATES, default="draft", max_length=16)
        ),
        migrations.AddIndex(
            "order",
            models.Index(
                condition=Q(state__in=("draft", "awaiting_payment", "held_for_review")),
                fields=["next_look_at"],
                name="payments_order_open",
            ),
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _ in STATES]), name="payments_order_state"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
