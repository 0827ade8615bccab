"""What the desk did within some days: how fast it answered, what was decided, and by whom.

Sums of the database, each in one statement, however many requests there are. An instant counts for
the day that it had in UTC, as everywhere at the desk.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from jewelrymodel.kernel.period import Period
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support.models import SilentClosing
from jewelrymodel.support.statuses import ClosingVerdict

_REQUESTS = """
SELECT date_trunc('week', c.opened_at AT TIME ZONE 'UTC')::date AS week,
  count(*) AS opened,
  count(f.at) AS answered,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM f.at - c.opened_at)),
  percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM f.at - c.opened_at)),
  count(*) FILTER (WHERE c.answered_at <= c.due_at) AS on_time,
  count(*) FILTER (WHERE c.answered_at > c.due_at OR c.answered_at IS NULL
    AND c.state = 'open' AND c.paused_at IS NULL AND c.due_at < %(now)s) AS late,
  count(*) FILTER (WHERE c.extension_reason <> '') AS extended,
  count(*) FILTER (WHERE c.state = 'closed' AND c.answered_at IS NULL) AS withdrawn
FROM support_case AS c
LEFT JOIN LATERAL (
  SELECT min(e.created_at) AS at FROM support_case_entry AS e
  WHERE e.case_id = c.id AND e.kind = 'message_out' AND e.author LIKE 'user:%%'
) AS f ON true
WHERE c.opened_at >= %(begins)s AND c.opened_at < %(ends)s
  AND c.check_name = '' AND c.state NOT IN ('merged', 'unproven')
GROUP BY GROUPING SETS ((1), ())
ORDER BY week NULLS LAST
"""
_CLAUSES = """
SELECT clause, count(*) FILTER (WHERE NOT d.denied), count(*) FILTER (WHERE d.denied)
FROM remedies_decision AS d, jsonb_array_elements_text(d.body -> 'cites') AS clause
WHERE d.decided_at >= %(begins)s AND d.decided_at < %(ends)s
GROUP BY clause
ORDER BY count(*) DESC, clause
"""
_APPEALS = """
WITH decided AS (
  SELECT g.case_id, d.id, d.denied, d.decided_at, d.decided_by
  FROM support_confirmed_decision AS g JOIN remedies_decision AS d ON d.id = g.decision_id
  WHERE g.case_id IN (
    SELECT g2.case_id
    FROM support_confirmed_decision AS g2 JOIN remedies_decision AS d2 ON d2.id = g2.decision_id
    WHERE d2.decided_at >= %(begins)s AND d2.decided_at < %(ends)s
  )
), turns AS (
  SELECT case_id, denied, decided_at, lag(denied) OVER earlier AS was_denied,
    lag(decided_at) OVER earlier AS told_at, lag(decided_by) OVER earlier AS told_by
  FROM decided WINDOW earlier AS (PARTITION BY case_id ORDER BY decided_at, id)
)
SELECT count(*), count(*) FILTER (WHERE NOT denied) FROM turns
WHERE was_denied AND decided_at >= %(begins)s AND decided_at < %(ends)s AND EXISTS (
  SELECT FROM support_case_entry AS e
  WHERE e.case_id = turns.case_id AND e.kind = 'message_in' AND e.id > (
    SELECT min(l.id) FROM support_case_entry AS l
    WHERE l.case_id = turns.case_id AND l.kind = 'message_out'
      AND l.author = told_by AND l.created_at >= told_at
  )
)
"""


@dataclass(frozen=True)
class RequestCounts:
    """Of the requests opened in a week (None: in all of the time): how many were answered by a
    person, after how many seconds in the middle and at the ninth tenth, how many were decided or
    closed by their deadline or later, how many deadlines were extended, and how many were closed
    without an answer of ours: by their customer. The rest waits.
    """

    week: date | None
    opened: int
    answered: int
    median_s: int | None
    slowest_tenth_s: int | None
    on_time: int
    late: int
    extended: int
    withdrawn: int

    @property
    def waiting(self) -> int:
        """How many aren't answered for good, and not late."""
        return self.opened - self.on_time - self.late - self.withdrawn


@dataclass(frozen=True)
class DecidedCounts:
    """How often was decided by somebody, or on a clause."""

    name: str
    approved: int
    declined: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.approved + self.declined


@dataclass(frozen=True)
class Report:
    """What the desk did. *weeks* without a request are there too. *appeals*: decided anew after a
    decline to which the customer objected, and *overturned* of them; *closed* silently and still
    so, looked at, and wrong.
    """

    total: RequestCounts
    weeks: list[RequestCounts]
    deciders: list[DecidedCounts]
    clauses: list[DecidedCounts]
    appeals: int
    overturned: int
    closed: int
    reviewed: int
    wrong: int


def report(*, within: Period, now: datetime) -> Report:
    """Return the report of the requests opened, and the decisions made, *within* a time."""
    limits = {"begins": within.starts_at, "ends": within.ends_at, "now": now}
    rows = [_counts(one) for one in _rows(_REQUESTS, limits)]
    known = {one.week: one for one in rows if one.week is not None}
    appeals, overturned = _rows(_APPEALS, limits)[0]
    return Report(
        total=next(one for one in rows if one.week is None),
        weeks=[known.get(one) or _none_in(one) for one in _weeks(within)],
        deciders=_deciders(within),
        clauses=[DecidedCounts(*one) for one in _rows(_CLAUSES, limits)],
        appeals=appeals,
        overturned=overturned,
        **_silent(within),
    )


def _rows(sql: str, limits: dict[str, datetime]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, limits)
        return list(cursor.fetchall())


def _counts(row: tuple[Any, ...]) -> RequestCounts:
    week, opened, answered, median, slowest_tenth, on_time, late, extended, withdrawn = row
    return RequestCounts(
        week,
        opened,
        answered,
        None if median is None else round(median),
        None if slowest_tenth is None else round(slowest_tenth),
        on_time,
        late,
        extended,
        withdrawn,
    )


def _none_in(week: date) -> RequestCounts:
    return RequestCounts(week, 0, 0, None, None, 0, 0, 0, 0)


def _weeks(within: Period) -> list[date]:
    """The Mondays of the weeks that it reaches into."""
    last = (within.ends_at - timedelta(microseconds=1)).date()
    first = within.starts_at.date()
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(days=7 * n) for n in range((last - monday).days // 7 + 1)]


def _deciders(within: Period) -> list[DecidedCounts]:
    rows = DecisionRecord.objects.filter(
        decided_at__gte=within.starts_at, decided_at__lt=within.ends_at
    )
    counted = rows.values_list("decided_by").annotate(
        approved=Count("pk", filter=Q(denied=False)), declined=Count("pk", filter=Q(denied=True))
    )
    found = [DecidedCounts(*row) for row in counted]
    return sorted(found, key=lambda one: (-one.total, one.name))


def _silent(within: Period) -> dict[str, int]:
    rows = SilentClosing.objects.filter(
        closed_at__gte=within.starts_at, closed_at__lt=within.ends_at
    )
    return rows.aggregate(
        closed=Count("pk", filter=Q(reopened_at=None)),
        reviewed=Count("pk", filter=~Q(verdict="")),
        wrong=Count("pk", filter=Q(verdict=ClosingVerdict.WRONG)),
    )
