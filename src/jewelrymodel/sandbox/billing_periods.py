"""Billing periods: the same day next month, or that month's last day if it has no such day."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta
from typing import Any

_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}


def period_end(anchor: int, recurring: dict[str, Any], number: int) -> int:
    """When period `number` (the first is 1) ends, in seconds; counted from the anchor, so that a
    31st comes back after a short month."""
    start = datetime.fromtimestamp(anchor, UTC)
    count = recurring["interval_count"] * number
    if days := _DAYS.get(recurring["interval"]):
        return int((start + timedelta(days=days * count)).timestamp())
    months = start.month - 1 + _MONTHS[recurring["interval"]] * count
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())
