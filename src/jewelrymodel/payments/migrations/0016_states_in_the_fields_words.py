"""States and a column get the field's words; rows are converted while both words are accepted."""

from django.db import migrations, models
from django.db.models import Q

BOTH = [
    "draft",
    "awaiting_payment",
    "delivered",
    "canceled",
    "expired",
    "held_for_review",
    "charged_in_error",
    "requires_review",
    "refund_due",
    "closed",
]
_ACCEPTED = """
CREATE OR REPLACE FUNCTION payments_accepted(o payments_order) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_jsonb(o) - ARRAY[
    'state', 'session_id', 'session_url', 'decline', 'held_reason', 'next_look_at',
    '%s', 'paid_at', 'delivered_at', 'closed_at', 'confirmed_at', 'next_confirm_at',
    'placed_by_id', 'buyer_email', 'ip', 'user_agent', 'device_id',
    'subscription_id', 'period_starts_at', 'period_ends_at', 'invoice_id',
    'processor_subscription_id', 'processor_customer_id'];
$$;
"""
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
_BOTH_REVIEWS, _OLD_REVIEW = "'held_for_review', 'requires_review'", "'held_for_review'"
_ROWS = (
    ("payments_order", "held_for_review", "requires_review"),
    ("payments_order", "charged_in_error", "refund_due"),
    ("payments_subscription", "ended", "canceled"),
)


def _converted() -> list[migrations.RunSQL]:
    update = "UPDATE %s SET state = '%s' WHERE state = '%s'"
    return [
        migrations.RunSQL(update % (table, new, old), update % (table, old, new))
        for table, old, new in _ROWS
    ]


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_receipts_named_by_their_prefix")]

    operations = [
        migrations.RemoveConstraint("order", "payments_order_state"),
        migrations.RemoveIndex("order", "payments_order_open"),
        migrations.RemoveConstraint("subscription", "payments_subscription_ended_is_dated"),
        migrations.RemoveIndex("subscription", "payments_subscription_live"),
        migrations.RenameField("order", "cancel_asked_at", "cancel_requested_at"),
        migrations.RenameField("subscription", "cancel_asked_at", "cancel_requested_at"),
        migrations.RunSQL(_ACCEPTED % "cancel_requested_at", _ACCEPTED % "cancel_asked_at"),
        migrations.RunSQL(_CLOSE % _BOTH_REVIEWS, _CLOSE % _OLD_REVIEW),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(condition=Q(state__in=BOTH), name="payments_order_state"),
        ),
        *_converted(),
    ]
