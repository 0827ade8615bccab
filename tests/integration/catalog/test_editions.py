"""Published editions: one text for page, checkout and engine, kept by the database."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.catalog import edition_files, operations, queries, terms
from jewelrymodel.catalog.models import TermsEdition, TermsText
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.edition_publication import EditionChanged, EditionTooEarly
from jewelrymodel.policy.edition_reader import Edition, EditionRefused
from jewelrymodel.policy.editions_in_force import NoEdition
from jewelrymodel.policy.rule_evaluation import decide
from tests.support.shipped_edition import SOURCE, dated, facts
from tests.support.shop import at_the_desk, now, publish, register

SHIPPED = "2026-05-14"
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where drafts lie."""
    settings.DATA_DIR = tmp_path
    edition_files.drafts_folder().mkdir(parents=True)
    return edition_files.drafts_folder()


def signed_in() -> Client:
    client = Client()
    client.force_login(register().user)
    return client


def coming(days: int = 3, *changes: tuple[str, str]) -> Edition:
    """An edition that takes effect in so many days."""
    return dated((now() + days * DAY).date().isoformat(), *changes)


def read_by_page() -> str:
    """The hash that the policy's page names."""
    html = Client().get("/refund-policy").content.decode()
    (found,) = [one for one in TermsText.objects.all() if one.sha256 in html]
    return found.sha256


def answers() -> set[str]:
    """The edition in force, as page, checkout and engine have it."""
    at = now()
    decision = decide(facts(), terms.editions(), purchased_at=at, requested_at=at)
    return {
        read_by_page(),
        queries.edition_in_force("refund", at).sha256,
        terms.in_force(at).sha256,
        *(one.sha256 for one in decision.editions),
    }


HOSTILE = {
    "words": b"a draft",
    "no text": b"\xff\xfe\x00",
    "front matter that is no table": b"+++\nservice_level = 1\nparameters = 2\nusual = 3\n+++\n",
    "a front that nests": b"+++\nx = " + b"[" * 5000 + b"\n+++\n",
    "half of one": SOURCE[: len(SOURCE) // 2].encode(),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_broken_draft_takes_down_no_page_and_the_desk_says_what_is_wrong(
    content: bytes, folder: Path
) -> None:
    (folder / "2026-12-24.md").write_bytes(content)
    (folder / "2026-12-25.md").mkdir()
    for address in ("/refund-policy", f"/refund-policy/{SHIPPED}", f"/refund-policy/{SHIPPED}.md"):
        assert Client().get(address).status_code == 200
    assert signed_in().get("/requests/new?category=other&asked=1").status_code == 200
    desk = at_the_desk().get("/desk/policy")
    assert desk.status_code == 200
    for file in ("2026-12-24.md:", "2026-12-25.md:1: the file can"):
        assert file in desk.content.decode()
    assert all(" — " in draft.problem for draft in edition_files.drafts(now=now()))


def test_a_draft_that_is_fit_has_no_effect_until_it_is_published(folder: Path) -> None:
    edition = coming()
    (folder / edition.file).write_text(edition.source_text)
    before = answers()
    page = at_the_desk().get("/desk/policy").content.decode()
    assert f"jewelrymodel policy publish {folder / edition.file}" in page
    assert Client().get(f"/refund-policy/{edition.date}").status_code == 404
    operations.publish_edition(edition=edition, actor=Actor.system("test"), now=now())
    assert Client().get(f"/refund-policy/{edition.date}").status_code == 200
    assert "takes effect on" in Client().get("/refund-policy").content.decode()
    assert answers() == before, "it governs from its day on"
    assert edition_files.drafts(now=now()) == []


@pytest.mark.clause("0.1", "10.2")
def test_page_checkout_and_engine_have_one_answer() -> None:
    assert len(answers()) == 1
    newer = publish(f"{now() - 2 * DAY:%Y-%m-%d}", ("value = 60\nunit", "value = 45\nunit"))
    assert answers() == {newer.sha256}, "at once, without a restart"
    with pytest.raises(NoEdition):
        queries.edition_in_force("refund", datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.clause("0.1", "10.2")
def test_every_edition_is_served_byte_for_byte_under_the_hash_of_its_page() -> None:
    publish("2026-07-01", ("# Refund policy", "# Refund policy \u2014 na\u00efve"))
    assert TermsEdition.objects.count() == 2
    for one in TermsEdition.objects.all():
        source = Client().get(f"/refund-policy/{one.edition_on}.md").content
        assert hashlib.sha256(source).hexdigest() == one.sha256
        page = Client().get(f"/refund-policy/{one.edition_on}").content.decode()
        assert one.sha256 in page
        assert f'datetime="{one.edition_on}"' in page


def test_the_texts_are_in_the_database_and_no_file_is_asked(settings: Settings) -> None:
    settings.TERMS_DIR = Path("/nowhere")
    settings.DATA_DIR = Path("/nowhere")
    assert [str(one.date) for one in terms.editions()] == [SHIPPED]
    assert TermsText.objects.get().text == SOURCE


def test_what_is_published_is_not_read_again() -> None:
    terms.editions()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        first = terms.editions()
    assert len(asked) == 1
    assert 'catalog_terms_text"."text' not in asked[0]["sql"]
    assert terms.editions()[0] is first[0], "nothing is parsed twice"
    client = Client()
    client.get("/refund-policy")
    with CaptureQueriesContext(connection) as asked:
        client.get("/refund-policy")
    assert len([one for one in asked if "catalog_terms" in one["sql"]]) == 2
    assert not [one for one in asked if '"text"' in one["sql"]]


def test_publishing_is_audited_once_with_its_reason() -> None:
    edition = coming()
    for _ in range(2):
        operations.publish_edition(
            edition=edition, actor=Actor.system("policy"), actor_label="olga", now=now()
        )
    (entry,) = AuditEntry.objects.filter(action="terms.published", actor_label="olga")
    assert entry.reason.startswith("legal: ")
    assert TermsEdition.objects.get(edition_on=edition.date).sha256 == edition.sha256


@pytest.mark.clause("10.2")
def test_an_edition_never_changes_its_text_under_the_same_date() -> None:
    edition = coming()
    operations.publish_edition(edition=edition, actor=Actor.system("test"), now=now())
    other = coming(3, ("value = 60\nunit", "value = 61\nunit"))
    with pytest.raises(EditionChanged):
        operations.publish_edition(edition=other, actor=Actor.system("test"), now=now())


def test_what_would_leave_two_answers_is_not_published(folder: Path) -> None:
    first = coming(5)
    operations.publish_edition(edition=first, actor=Actor.system("test"), now=now())
    crossed = coming(7, (f"effective_from = {coming(7).date}", f"effective_from = {first.date}"))
    past = coming(4, (f"effective_from = {coming(4).date}", f"effective_from = {now().date()}"))
    for one, refused in ((crossed, EditionRefused), (past, EditionTooEarly)):
        with pytest.raises(refused, match=rf"{one.file}:3: "):
            operations.publish_edition(edition=one, actor=Actor.system("test"), now=now())
        (folder / one.file).write_text(one.source_text)
    assert ["md:3: it " in draft.problem for draft in edition_files.drafts(now=now())] == [
        True,
        True,
    ]


def _row(**columns: object) -> Callable[[], object]:
    known = {
        "id": "terms_other",
        "policy": "refund",
        "sha256": TermsEdition.objects.get().sha256,
        "registered_at": now(),
        **columns,
    }
    return lambda: TermsEdition.objects.create(**known)


def test_the_database_refuses_what_must_never_be() -> None:
    """Change, loss, a text that is not of its hash, an edition without one, and two in force."""
    later, start = date(2026, 6, 1), datetime(2026, 5, 14, tzinfo=UTC)
    refused: list[Callable[[], object]] = [
        lambda: TermsText.objects.update(text="Another"),
        lambda: TermsText.objects.all().delete(),
        lambda: _sql("TRUNCATE catalog_terms_text CASCADE"),
        lambda: _sql("TRUNCATE catalog_terms_edition CASCADE"),
        lambda: TermsText.objects.create(sha256="0" * 64, text="A text", kept_at=now()),
        _row(edition_on=later, effective_from_at=start + DAY, sha256="a" * 64),
        _row(edition_on=later, effective_from_at=start),
        _row(edition_on=later, effective_from_at=start - DAY),
        _row(edition_on=date(2026, 5, 1), effective_from_at=start),
        _row(edition_on=date(2026, 5, 1), effective_from_at=start + DAY),
    ]
    for change in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    _row(edition_on=later, effective_from_at=start + DAY)()


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
