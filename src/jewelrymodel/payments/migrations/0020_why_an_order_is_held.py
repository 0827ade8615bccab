"""Why an order is held becomes a code with parameters; a sentence that isn't known keeps its words.

Its column is still there, so that a worker of the version before can write it.
"""

import re

from django.db import migrations, models

ACCEPTED = """
CREATE OR REPLACE FUNCTION payments_accepted(o payments_order) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_jsonb(o) - ARRAY[
    'state', 'session_id', 'session_url', 'decline', %s'next_look_at',
    'cancel_requested_at', 'paid_at', 'delivered_at', 'closed_at', 'confirmed_at',
    'next_confirm_at', 'placed_by_id', 'buyer_email', 'ip', 'user_agent', 'device_id',
    'subscription_id', 'period_starts_at', 'period_ends_at', 'invoice_id',
    'processor_subscription_id', 'processor_customer_id'];
$$;
"""
BOTH, FORMER, NEW = (
    "'held_reason', 'held_code', 'held_detail', ",
    "'held_reason', ",
    "'held_code', 'held_detail', ",
)
AMOUNTS = "(.+) instead of (.+)"
KNOWN = (
    (r"the payment page belongs to order '(.*)'", "others_page", ("order_id",)),
    ("the processor used a word that we don.t know", "unknown_status", ()),
    ("Paid, but the processor shows no charge", "page_without_charge", ()),
    (f"The payment page charged {AMOUNTS}", "page_amount", ("charged", "expected")),
    ("Paid, but its charge did not succeed", "charge_failed", ()),
    (f"The buyer was charged {AMOUNTS}", "charge_amount", ("charged", "expected")),
    ("The charge has already been refunded or disputed", "charge_returned", ()),
    ("The invoice is paid, but the processor shows no charge", "invoice_without_charge", ()),
    (f"The invoice charged {AMOUNTS}", "invoice_amount", ("charged", "expected")),
    ("charged, and its payment page does not show it", "charge_without_page", ()),
    ("its charge paid (.+)", "others_charge", ("order",)),
    ("its refund did not reach the customer", "refund_failed", ()),
)


def coded(sentence):
    """The code and the parameters of a stored sentence; amounts stay as they were written."""
    for pattern, code, names in KNOWN:
        if match := re.fullmatch(pattern, sentence, re.IGNORECASE):
            return code, dict(zip(names, match.groups(), strict=True))
    return "former", {"text": sentence}


def to_codes(apps, _schema_editor):
    held = models.Q(state="requires_review") | ~models.Q(held_reason="")
    for row in apps.get_model("payments", "Order").objects.filter(held).iterator(chunk_size=500):
        row.held_code, row.held_detail = coded(row.held_reason)
        row.save(update_fields=["held_code", "held_detail"])


class Migration(migrations.Migration):
    dependencies = [("payments", "0019_refunds_revoke_credits")]

    operations = [
        migrations.AddField(
            "order",
            "held_code",
            models.CharField(blank=True, db_default="", max_length=32),
        ),
        migrations.AddField("order", "held_detail", models.JSONField(db_default={}, default=dict)),
        migrations.RunSQL(ACCEPTED % BOTH, ACCEPTED % FORMER),
        migrations.RunPython(to_codes, migrations.RunPython.noop),
    ]
