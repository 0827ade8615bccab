"""An installation from before texts were kept, the commands, and what they refuse."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import Settings

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.catalog import edition_files, operations, queries, terms
from jewelrymodel.catalog.models import TermsEdition, TermsText
from jewelrymodel.config import editions
from jewelrymodel.config.cli import main
from jewelrymodel.config.commands import doctor
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.models import Order
from jewelrymodel.policy.edition_publication import EditionChanged
from jewelrymodel.policy.edition_reader import Edition, EditionRefused
from jewelrymodel.policy.editions_in_force import NoEdition
from jewelrymodel.remedies.operations import TermsNotAtHand, assess
from tests.support.decisions import about
from tests.support.former_schema import migrate_back
from tests.support.shipped_edition import SOURCE, dated
from tests.support.shop import Sandbox, now, publish, register, start

CHANGED = (("value = 60\nunit", "value = 45\nunit"),)
OLD = dated("2026-07-01", *CHANGED)
DAY = timedelta(days=1)
Command = Callable[..., int]


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where drafts lie."""
    settings.DATA_DIR = tmp_path
    edition_files.drafts_folder().mkdir(parents=True)
    return edition_files.drafts_folder()


@pytest.fixture
def shipped(settings: Settings, tmp_path: Path) -> Path:
    """A folder of shipped editions that can be changed."""
    settings.TERMS_DIR = tmp_path / "shipped"
    (settings.TERMS_DIR / "refund").mkdir(parents=True)
    (settings.TERMS_DIR / "refund/2026-05-14.md").write_text(SOURCE)
    return settings.TERMS_DIR / "refund"


@pytest.fixture
def policy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """``jewelrymodel policy …`` on the test's own database: its exit status."""
    settings.EMBEDDED_DATABASE = False

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["jewelrymodel", "policy", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return int(str(left.value.code))

    return run


def register_without_text(edition: Edition) -> None:
    """As an earlier version did: the date and the hash only."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_terms_edition DISABLE TRIGGER ALL")
        TermsEdition.objects.create(
            id="terms_old",
            policy="refund",
            edition_on=edition.date,
            sha256=edition.sha256,
            effective_from_at=edition.starts_at,
            registered_at=edition.starts_at,
        )
        cursor.execute("ALTER TABLE catalog_terms_edition ENABLE TRIGGER ALL")


@pytest.mark.django_db
def test_texts_of_before_are_filled_in_where_the_hash_agrees(folder: Path) -> None:
    register_without_text(OLD)
    with pytest.raises(NoEdition, match="the text of the edition of 2026-07-01 is missing"):
        queries.edition_in_force("refund", now())
    (folder / OLD.file).write_text(OLD.source_text + "\n")
    with pytest.raises(NoEdition, match="is missing"):
        list(editions.publish_shipped(now=now()))
    (folder / OLD.file).write_text(OLD.source_text)
    assert list(editions.publish_shipped(now=now())) == [
        "the text of 2026-07-01.md is kept in the database now"
    ]
    assert queries.edition_in_force("refund", now()).sha256 == OLD.sha256
    assert list(editions.publish_shipped(now=now())) == []
    assert next(doctor._terms()).is_fine


@pytest.mark.django_db
def test_what_records_rest_on_is_asked_for_by_name(folder: Path, sandbox: Sandbox) -> None:
    register_without_text(OLD)
    operations.keep_text(OLD.source_text, now=now())
    order = start(register()).order
    assert order.terms_sha256 == OLD.sha256
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_terms_text DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM catalog_terms_text WHERE sha256 = %s", [OLD.sha256])
        cursor.execute("ALTER TABLE catalog_terms_text ENABLE TRIGGER ALL")
    with pytest.raises(editions.TermsIncomplete) as refused:
        list(editions.publish_shipped(now=now()))
    assert f"1 orders rest on the text of 2026-07-01 with the SHA-256 {OLD.sha256}" in str(
        refused.value
    )
    assert f"put it into {folder}" in str(refused.value)
    hole, governs = doctor._terms()
    assert (hole.is_fine, "which is missing" in hole.words) == (False, True)
    assert (governs.is_fine, "is missing" in governs.words) == (False, True)
    with pytest.raises(TermsNotAtHand):
        assess(request=about(order, "unused"), now=now())


@pytest.mark.django_db
@pytest.mark.clause("10.2")
def test_a_shipped_file_with_another_text_under_its_date_is_refused(
    shipped: Path, settings: Settings
) -> None:
    (shipped / "2026-05-14.md").write_text(SOURCE.replace("value = 60", "value = 61"))
    settings.DEMO = True
    said = editions.publish_shipped(now=now())
    assert "jewelrymodel demo reset" in next(said)
    with pytest.raises(EditionChanged, match=r"2026-05-14\.md:2: another text is published"):
        next(said)


@pytest.mark.django_db
def test_a_shipped_file_that_is_broken_or_too_late_is_said_and_left_out(shipped: Path) -> None:
    (shipped / "2026-06-01.md").write_text("a draft")
    (shipped / "2026-07-01.md").write_text(OLD.source_text)
    later = dated((now() + 2 * DAY).date().isoformat())
    (shipped / later.file).write_text(later.source_text)
    broken, late = editions.publish_shipped(now=now())
    assert broken.startswith("left out, not published: 2026-06-01.md:1: there is no front matter")
    assert late.startswith("left out, not published: 2026-07-01.md:3: it would take effect")
    assert [one.date for one in terms.editions()] == [
        later.date,
        dated("2026-05-14").date,
    ]
    assert [one.is_fine for one in doctor._terms()] == [True, None, None]


@pytest.mark.django_db
def test_an_edition_is_checked_shown_and_published(
    policy: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = (now() + 2 * DAY).date()
    edition = dated(
        day.isoformat(),
        ("value = 60\nunit", "value = 45\nunit"),
        ("Images made by a machine vary. ", "Images made by a machine always vary. "),
    )
    file = folder / edition.file
    file.write_text(edition.source_text)
    assert policy("publish", str(file)) == 1, "a script has to say --yes"
    said = capsys.readouterr()
    assert "examples hold" in said.out
    assert f"What changes on {day}, when it follows the edition of 2026-05-14:" in said.out
    assert "60 -> 45 minutes in one paid period" in said.out
    assert "+ Images made by a machine always vary." in said.out
    assert "Repeat the command with --yes" in said.err
    assert TermsEdition.objects.count() == 1
    assert policy("publish", str(file), "--yes") == 0
    assert "Published." in capsys.readouterr().out
    assert TermsText.objects.get(sha256=edition.sha256).text == edition.source_text
    (entry,) = AuditEntry.objects.filter(action="terms.published", actor="system:policy")
    assert entry.actor_label
    assert policy("publish", str(file), "--yes") == 0
    assert "published already" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a draft", ":1: there is no front matter"),
        (OLD.source_text, ":3: it would take effect on 2026-07-01"),
        (OLD.source_text.replace("value = 45", "value = 900"), "fails"),
    ],
)
def test_what_is_not_fit_is_not_published(
    text: str, says: str, policy: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / OLD.file).write_text(text)
    assert policy("publish", str(folder / OLD.file), "--yes") == 1
    assert says in capsys.readouterr().err
    assert policy("publish", str(folder / "2026-12-01.md"), "--yes") == 1
    assert "can't be read" in capsys.readouterr().err
    assert TermsEdition.objects.count() == 1


@pytest.mark.django_db
def test_check_says_every_file_and_decide_goes_by_what_is_published(
    policy: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert policy("check") == 0
    (folder / "2026-06-01.md").write_text("a draft")
    assert policy("check") == 1
    assert "2026-06-01.md:1: there is no front matter" in capsys.readouterr().out
    assert policy("coverage") == 0
    publish(str(OLD.date), *CHANGED)
    facts = Path(__file__).parents[3] / "docs/facts.json"
    assert policy("decide", "--facts", str(facts), "--as-of", "2026-08-01", "--json") == 0
    assert OLD.sha256 in capsys.readouterr().out


@pytest.mark.usefixtures("committing_db")
def test_an_installation_in_use_is_brought_up_to_this_version(
    folder: Path, sandbox: Sandbox
) -> None:
    """Back to how the version before leaves a database with an order in it, and on again."""
    publish(str(OLD.date), *CHANGED)
    pinned = start(register()).order.terms_sha256
    migrate_back("catalog", "0004_first_plans")
    call_command("migrate", verbosity=0)
    assert [one.has_text for one in terms.published()] == [False, False]
    with pytest.raises(editions.TermsIncomplete, match=OLD.sha256):
        list(editions.publish_shipped(now=now()))
    (folder / OLD.file).write_text(OLD.source_text)
    assert len(list(editions.publish_shipped(now=now()))) == 1, (
        "the shipped one was filled in before"
    )
    assert editions.missing_texts() == []
    assert Order.objects.get().terms_sha256 == OLD.sha256 == pinned
    assert start(register("other@rings.example")).order.terms_sha256 == OLD.sha256


@pytest.mark.usefixtures("committing_db")
def test_of_two_that_cross_only_one_is_published_also_at_the_same_moment() -> None:
    first, crossed = (now() + 5 * DAY).date(), (now() + 6 * DAY).date()
    both = [
        dated(first.isoformat()),
        dated(crossed.isoformat(), (f"effective_from = {crossed}", f"effective_from = {first}")),
    ]
    refused: list[Exception] = []

    def one(edition: Edition) -> None:
        try:
            operations.publish_edition(edition=edition, actor=Actor.system("test"), now=now())
        except EditionRefused as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [Thread(target=one, args=[edition]) for edition in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert TermsEdition.objects.count() == 2
