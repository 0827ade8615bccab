from jewelrymodel.payments.models import Receipt
from jewelrymodel.payments.number_series import order_label


def test_what_people_read_tells_orders_and_receipts_apart() -> None:
    assert (order_label(12), Receipt(number=12).label) == ("JM-000012", "RCP-000012")
