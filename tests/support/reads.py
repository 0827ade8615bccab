"""Which rows a page loads, and whose they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db.models import Model

_load = Model.from_db.__func__  # type: ignore[attr-defined]  # the function below the classmethod


@contextmanager
def rows_loaded(model: type[Model]) -> Iterator[list[Model]]:
    """Collect each row of *model* that is loaded."""
    rows: list[Model] = []
    with _each_row(lambda row: rows.append(row) if isinstance(row, model) else None):
        yield rows


@contextmanager
def rows_of_others(*account_ids: str) -> Iterator[list[str]]:
    """Collect each row that is loaded and belongs to none of *account_ids*, as "model id"."""
    found: list[str] = []

    def note(row: Model) -> None:
        owner = row.__dict__.get("account_id")
        if owner is not None and owner not in account_ids:
            found.append(f"{type(row).__name__} {row.pk}")

    with _each_row(note):
        yield found


@contextmanager
def _each_row(note: Callable[[Model], None]) -> Iterator[None]:
    def from_db(cls: type[Model], db: str | None, names: list[str], values: list[object]) -> Model:
        row: Model = _load(cls, db, names, values)
        note(row)
        return row

    with patch.object(Model, "from_db", classmethod(from_db)):
        yield
