"""An account's credits over time, at so many instants however much happened in between."""

from datetime import datetime

from django.db import connection

from jewelrymodel.ledger.models import Movement

POINTS = 320

_AVAILABLE_AT = """
    select instant, available_after
    from generate_series(%(first)s::timestamptz, %(last)s, %(step_s)s * interval '1 s') as instant
    cross join lateral (
        select available_after
        from ledger_movement
        where account_id = %(account_id)s and happened_at <= instant
        order by happened_at desc, id desc
        limit 1
    ) as latest
"""


def balance_over_time(
    account_id: str, at: datetime, *, available: int
) -> list[tuple[datetime, int]]:
    """Return (instant, credits that could be spent then) from the first movement until *at*.

    *available* are those at *at*, as ``balance`` says: whoever shows it has asked already.

    At most POINTS + 2 of them, evenly spaced, oldest first, the last one at *at*; none where
    nothing has happened yet.
    """
    rows = Movement.objects.filter(account_id=account_id, happened_at__lt=at)
    first = rows.order_by("happened_at").values_list("happened_at", flat=True).first()
    if first is None:
        return []
    step_s = (at - first).total_seconds() / POINTS
    parameters: dict[str, str | float | datetime]
    parameters = {"account_id": account_id, "first": first, "last": at, "step_s": step_s}
    with connection.cursor() as cursor:
        cursor.execute(_AVAILABLE_AT, parameters)
        points = [(instant, available) for instant, available in cursor.fetchall() if instant < at]
    return [*points, (at, available)]
