"""Statements that the server prepares, and is only sent the values of."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Asset
from jewelrymodel.infra import prepared
from jewelrymodel.infra.models import PendingEmail
from tests.support.generation import NOW, piece, seller

pytestmark = pytest.mark.django_db


def _email(name: str, *, text: str = "text") -> PendingEmail:
    return PendingEmail(
        id=name, recipient="a@b.example", subject="s", text=text, language="en", created_at=NOW
    )


def _mode() -> int | None:
    return connection.settings_dict["OPTIONS"]["prepare_threshold"]  # type: ignore[no-any-return]


def _kept(mark: str) -> int:
    return len(
        prepared.rows("SELECT 1 FROM pg_prepared_statements WHERE statement LIKE %s", (mark,))
    )


def test_the_server_keeps_a_statement_once_for_all_its_values() -> None:
    assert _mode() == 5
    for number in range(3):
        answer = prepared.rows("SELECT %s::int + 1 AS once_kept", (number,))
        assert answer == [(number + 1,)]
    assert _kept("%once\\_kept%") == 1


def test_without_prepared_statements_the_same_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    assert prepared.rows("SELECT %s::int AS never_kept", (7,)) == [(7,)]
    assert _kept("%never\\_kept'") == 0


def test_writes_go_together_and_are_counted_as_one_with_their_values() -> None:
    first, second, third = _email("one"), _email("two"), _email("three")
    first.save(force_insert=True)
    first.text = "changed"
    with CaptureQueriesContext(connection) as sent:
        count = prepared.together(prepared.update(first, "text"), prepared.insertion(second, third))
    assert count == 2
    assert len(sent) == 1
    assert "'changed'" in sent.captured_queries[0]["sql"]
    texts = PendingEmail.objects.order_by("id").values_list("id", "text")
    assert list(texts) == [("one", "changed"), ("three", "text"), ("two", "text")]


def test_what_fails_of_them_undoes_all_and_raises_as_django_does() -> None:
    kept = _email("kept")
    kept.save(force_insert=True)
    kept.text = "changed"
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared.together(prepared.update(kept, "text"), prepared.insertion(_email("kept")))
    kept.refresh_from_db()
    assert kept.text == "text"


def test_columns_that_the_database_fills_are_left_to_it_in_all_rows_or_in_none() -> None:
    described = {"item_id": "item_1", "account_id": "acct_1", "created_at": NOW}
    left, given = Asset(**described), Asset(**described, alt_text="A ring")
    assert '"alt_text"' not in prepared.insertion(left).sql
    assert '"alt_text"' in prepared.insertion(given).sql
    with pytest.raises(ValueError, match="same columns"):
        prepared.insertion(left, given)


def test_a_row_is_read_as_the_mapper_reads_it() -> None:
    mine: Account = seller()
    row = piece(mine, name="Ring", size_mm=18.5)
    sql = prepared.spelled(
        "SELECT piece.* FROM generation_piece AS piece WHERE id = %s", piece=type(row)
    )
    (found,) = prepared.rows(sql, (row.pk,))
    read = prepared.read(type(row), found)
    again = type(row).objects.get(pk=row.pk)
    assert {f.attname: getattr(read, f.attname) for f in row._meta.concrete_fields} == {
        f.attname: getattr(again, f.attname) for f in row._meta.concrete_fields
    }
    assert not read._state.adding


def test_a_block_has_its_callers_transaction_or_one_of_its_own() -> None:
    with CaptureQueriesContext(connection) as sent, prepared.whole():
        _email("inside").save(force_insert=True)
    assert not [one for one in sent.captured_queries if "SAVEPOINT" in one["sql"]]
