from jewelrymodel.payments.record_numbers import Series, label


def test_what_people_read_tells_orders_and_receipts_apart() -> None:
    labels = {label(series, 12) for series in Series}
    assert len(labels) == len(Series)
    assert all(one.endswith("-000012") for one in labels)
