"""Samples of many rows, for checks that must stay cheap however many there are."""

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def oldest_and_newest(rows: QuerySet[M], *, limit: int) -> list[M]:
    """Return at most *limit* of *rows*, each once: the oldest and the newest by their keys."""
    half = max(1, limit // 2)
    sample = [*rows.order_by("pk")[:half], *rows.order_by("-pk")[:half]]
    return list({row.pk: row for row in sample}.values())


def stored_keys(rows: QuerySet[M], *columns: str, limit: int) -> set[str]:
    """Return the keys of stored files in *columns* of the oldest and the newest *rows*."""
    sample = oldest_and_newest(rows.only(*columns), limit=limit)
    return {str(getattr(row, column)) for row in sample for column in columns} - {""}
