"""The sentence of why an order is held is gone; one that is held has a code."""

import importlib

from django.db import migrations, models
from django.db.models import Q

_room = importlib.import_module("jewelrymodel.payments.migrations.0020_why_an_order_is_held")

CODES = [
    ("others_page", "Others Page"),
    ("unknown_status", "Unknown Status"),
    ("page_amount", "Page Amount"),
    ("invoice_amount", "Invoice Amount"),
    ("charge_amount", "Charge Amount"),
    ("page_without_charge", "Page Without Charge"),
    ("invoice_without_charge", "Invoice Without Charge"),
    ("charge_without_page", "Charge Without Page"),
    ("charge_failed", "Charge Failed"),
    ("charge_returned", "Charge Returned"),
    ("others_charge", "Others Charge"),
    ("refund_failed", "Refund Failed"),
    ("former", "Former"),
]


class Migration(migrations.Migration):
    dependencies = [("payments", "0020_why_an_order_is_held")]

    operations = [
        migrations.RunPython(_room.to_codes, migrations.RunPython.noop),
        migrations.RunSQL(
            _room.ACCEPTED % _room.NEW, _room.ACCEPTED % _room.BOTH
        ),
        migrations.RemoveField("order", "held_reason"),
        migrations.AlterField(
            "order",
            "held_code",
            models.CharField(blank=True, choices=CODES, db_default="", max_length=32),
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=Q(held_code__in=[code for code, _ in CODES])
                | Q(held_code="") & ~Q(state="requires_review"),
                name="payments_order_held_code",
            ),
        ),
    ]
