"""``jewelrymodel reconcile``: our books beside the processor's over any window, as CSV."""

import argparse
import csv
import sys
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

from jewelrymodel.infra import clock
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.support import reconcilers

COLUMNS = ("day", "kind", "processor_id", "order", "outcome", "what", "new_case")
_WINDOW = timedelta(days=30)
_NEWS = timedelta(minutes=5)  # of what is younger the news may still be on its way


def run(options: argparse.Namespace) -> int:
    """Write a row for everything that differed; 1 where something still does, else 0."""
    now = clock.now()
    since = _midnight(options.since) if options.since else now - _WINDOW
    before = min(_midnight(options.before) if options.before else now, now - _NEWS)
    counts = dict.fromkeys(payments.Outcome, 0)
    with ExitStack() as stack:
        out = sys.stdout
        if options.csv:
            out = stack.enter_context(options.csv.open("w", encoding="utf-8", newline=""))
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        try:
            for row in payments.reconcile_window(since=since, before=before, now=now):
                counts[row.outcome] += 1
                rows.writerow(_cells(row, now))
        except (ProcessorDown, ProcessorRefused) as problem:
            print(f"The processor can't be compared now: {problem}", file=sys.stderr)
            return 1
    print(
        f"{since:%Y-%m-%d} to {before:%Y-%m-%d}: {counts[payments.Outcome.MENDED]} mended, "
        f"{counts[payments.Outcome.DIFFERS]} differ, {counts[payments.Outcome.NOT_OURS]} not ours, "
        f"{counts[payments.Outcome.NOTED]} noted.",
        file=sys.stderr,
    )
    return 1 if counts[payments.Outcome.DIFFERS] else 0


def _cells(row: payments.WindowRow, now: datetime) -> list[str]:
    difference = row.difference
    about = difference.order if difference else row.order
    order = about.label if about else ""
    what = f"{difference.words} {difference.note}".strip() if difference else ""
    is_new = difference is not None and reconcilers.report(difference, now=now)
    day = f"{row.day:%Y-%m-%d}"
    return [day, row.kind, row.processor_id, order, row.outcome, what, "yes" if is_new else ""]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
