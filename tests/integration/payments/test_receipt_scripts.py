"""Receipts of buyers whose names no Latin font can write (C9), the same on every machine."""

import logging

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters import receipt_pdf
from jewelrymodel.payments.models import Receipt
from tests.support.pdf import pdf_text
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
NO_FONT = "🙂"


@pytest.fixture
def receipt(sandbox: Sandbox, seller: Membership) -> Receipt:
    """The receipt of somebody who bought the case."""
    checkout = start(seller, sku="case")
    sandbox.http.post(checkout.url, data={"method": "link"})
    operations.confirm_order(order_id=settle(checkout.order).pk, now=now())
    return Receipt.objects.get()


@pytest.mark.parametrize(
    "name",
    [
        *("Łucja Żółć", "Ελένη", "Мария", "山田 花子", "王小明", "김서연", "שרה"),
        *("ธนา", "नमन", "নমন", "தமன", "నమన", "ລາວ", "ማርታ"),
    ],
)
def test_a_name_in_any_script_is_on_it(receipt: Receipt, name: str) -> None:
    receipt.buyer["name"] = name
    assert name in pdf_text(receipt_pdf.render_receipt(receipt))


def test_it_needs_no_font_of_the_machine_and_is_archivable(receipt: Receipt) -> None:
    receipt.buyer["name"] = "山田 花子"
    made = receipt_pdf.render_receipt(receipt)
    receipt_pdf.fonts.cache_clear()
    assert receipt_pdf.render_receipt(receipt) == made
    families = {one.family for one in receipt_pdf.fonts().fonts()}
    assert {"Libertinus Serif", "DejaVu Sans Mono", "Noto Sans CJK JP"} <= families
    assert b"pdfaid:part" in made


def test_a_sign_that_no_font_has_is_noted_and_the_receipt_still_made(
    receipt: Receipt, caplog: pytest.LogCaptureFixture
) -> None:
    receipt.buyer["name"] = f"Ida {NO_FONT}"
    with caplog.at_level(logging.WARNING, receipt_pdf.__name__):
        made = receipt_pdf.render_receipt(receipt)
    assert "Ida" in pdf_text(made)
    (said,) = (record.getMessage() for record in caplog.records)
    assert receipt.label in said
    assert "Ida" not in said
