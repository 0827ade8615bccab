"""``jewelrymodel payments documents``: every invoice and credit note with its tax, as CSV."""

import argparse
import csv
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from jewelrymodel.infra import clock
from jewelrymodel.kernel.money import minor_digits
from jewelrymodel.payments import queries
from jewelrymodel.payments.queries import TaxDocument
from jewelrymodel.payments.tax_lines import TaxLine

COLUMNS = (
    "document",
    "kind",
    "issued_on",
    "order",
    "invoice",
    "currency",
    "total",
    "before_tax",
    "tax",
    "tax_name",
    "tax_percent",
    "jurisdiction",
    "taxable",
    "line_tax",
    "included",
    "reason",
    "country",
    "tax_ids",
    "transaction",
)
_WINDOW = timedelta(days=30)
_FORMULA = ("=", "+", "@", "\t", "\r")
"""What a spreadsheet would take for a formula; amounts begin with a minus, and nothing else may."""


def run(options: argparse.Namespace) -> int:
    """Write a row for each rate of each document; its sums stand in its first row alone."""
    now = clock.now()
    since = _midnight(options.since) if options.since else now - _WINDOW
    before = _midnight(options.before) if options.before else now
    with ExitStack() as stack:
        out = sys.stdout
        if options.csv:
            out = stack.enter_context(options.csv.open("w", encoding="utf-8", newline=""))
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for one in queries.tax_documents(since=since, before=before):
            rows.writerows(_rows(one))
    return 0


def _rows(one: TaxDocument) -> Iterator[list[str]]:
    for number, line in enumerate(one.lines or (None,)):
        sums = (one.total_minor, one.total_minor - one.tax_minor, one.tax_minor)
        yield [
            one.label,
            one.kind,
            f"{one.issued_at:%Y-%m-%d}",
            one.order,
            one.invoice,
            one.currency,
            *(_amount(sum_minor, one.currency) if number == 0 else "" for sum_minor in sums),
            *(_line(line, one.currency) if line else [""] * 7),
            one.country,
            _text(" ".join(one.tax_ids)),
            _text(one.transaction),
        ]


def _line(line: TaxLine, currency: str) -> list[str]:
    taxable = line.taxable_minor
    return [
        _text(line.name),
        line.percent,
        _text(line.jurisdiction),
        "" if taxable is None else _amount(taxable, currency),
        _amount(line.tax_minor, currency),
        "yes" if line.is_inclusive else "no",
        _text(line.reason),
    ]


def _amount(minor: int, currency: str) -> str:
    return str(Decimal(minor).scaleb(-minor_digits(currency)))


def _text(text: str) -> str:
    return f"'{text}" if text.startswith((*_FORMULA, "-")) else text


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
