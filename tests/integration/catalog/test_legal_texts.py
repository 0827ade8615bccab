"""Terms, privacy, imprint and contact: editions like those of the refund policy."""

import re
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import User
from jewelrymodel.catalog import legal_texts, operations, queries
from jewelrymodel.catalog.documents import Document
from jewelrymodel.catalog.models import TermsAcceptance, TermsEdition
from jewelrymodel.config import legal_editions, live_service
from jewelrymodel.config.cli import main
from jewelrymodel.policy.edition_publication import EditionChanged
from tests.support.account_emails import PASSWORD
from tests.support.legal_texts import DAY, draft, publish
from tests.support.shop import now, register

pytestmark = pytest.mark.django_db
OLD, NEW = "2026-05-14", "2026-06-01"


def in_days(days: int) -> str:
    return (now() + days * DAY).date().isoformat()


def page(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


@pytest.mark.parametrize("document", list(Document))
def test_every_edition_stays_readable_and_says_what_it_changed(document: Document) -> None:
    old, new = publish(document, OLD, "Old words."), publish(document, NEW, "New words.")
    if document != Document.CONTACT:
        assert "New words." in page(f"/{document}")
    assert "Old words." in page(f"/{document}/{OLD}")
    assert new.sha256 in page(f"/{document}/{NEW}")
    changed = page(f"/{document}/{NEW}/changes")
    assert ("<del>Old words.</del>" in changed, "<ins>New words.</ins>" in changed) == (True, True)
    assert Client().get(f"/{document}/{OLD}.md").content.decode() == old.source_text
    for address in (f"/{document}/{OLD}/changes", f"/{document}/2026-01-01"):
        page(address, 404)


def test_nothing_is_shown_that_was_not_published() -> None:
    page("/privacy", 404)
    assert "Address" in page("/contact")


def test_an_edition_is_announced_until_it_takes_effect() -> None:
    publish(Document.TERMS, OLD, "Old words.")
    announced = in_days(5)
    coming = publish(Document.TERMS, announced, "New words.")
    assert "Old words." in page("/terms")
    assert f"/terms/{announced}" in page("/terms")
    assert "New words." in page(f"/terms/{announced}")
    client = Client()
    client.force_login(register().user)
    html = client.get("/settings").content.decode()
    (link,) = set(re.findall(rf'"(/terms/{announced}[^"]*)"', html))
    page(link)
    assert legal_texts.coming(coming.starts_at) == []


def test_before_the_first_takes_effect_it_is_shown_as_coming() -> None:
    first = in_days(5)
    publish(Document.IMPRINT, first, "First words.")
    assert "First words." in page("/imprint")
    client = Client()
    client.force_login(register().user)
    (link,) = set(
        re.findall(rf'"(/imprint/{first}[^"]*)"', client.get("/settings").content.decode())
    )
    page(link)  # it changes nothing, so no page says what
    assert legal_texts.in_force(Document.IMPRINT, now()) is None


def sign_up(*shown: str) -> User:
    sent = {"email": "new@rings.example", "password1": PASSWORD, "text_shown": list(shown)}
    Client().post("/account/signup/", sent)
    return User.objects.get(email="new@rings.example")


def accepted(user: User) -> set[str]:
    return {one.edition.sha256 for one in queries.accepted_texts(user_id=user.pk)}


def test_who_signs_up_accepts_what_the_form_shows_and_no_more() -> None:
    terms, privacy = publish(Document.TERMS, OLD, "A"), publish(Document.PRIVACY, OLD, "B")
    imprint = publish(Document.IMPRINT, OLD, "C")
    form = page("/account/signup/")
    assert all(f'value="{one.sha256}"' in form for one in (terms, privacy))
    assert imprint.sha256 not in form
    user = sign_up(terms.sha256, privacy.sha256, imprint.sha256, "f" * 64)
    assert accepted(user) == {terms.sha256, privacy.sha256}


def test_an_acceptance_is_noted_once_and_never_changed() -> None:
    text = publish(Document.TERMS, OLD, "A")
    user = sign_up(text.sha256)
    first = TermsAcceptance.objects.get()
    operations.accept_texts(user_id=user.pk, shown=[text.sha256], now=now() + DAY)
    assert TermsAcceptance.objects.get().accepted_at == first.accepted_at
    with pytest.raises(IntegrityError), transaction.atomic():
        TermsAcceptance.objects.update(accepted_at=now() + DAY)


def test_who_has_accepted_is_asked_again_only_for_a_new_edition() -> None:
    old = publish(Document.TERMS, OLD, "A")
    user = sign_up(old.sha256)
    assert queries.texts_to_accept(user_id=user.pk, at=now()) == []
    new = publish(Document.TERMS, NEW, "B")
    assert queries.texts_to_accept(user_id=user.pk, at=now()) == [(Document.TERMS, new)]
    assert len(queries.texts_to_accept(user_id=None, at=now())) == 1


@pytest.fixture
def shipped(settings: Settings, tmp_path: Path) -> Path:
    """What stands in for TERMS_DIR, with a folder of drafts beside it."""
    settings.TERMS_DIR, settings.DATA_DIR = tmp_path / "terms", tmp_path
    settings.EMBEDDED_DATABASE = False
    return tmp_path


def published() -> set[tuple[str, str]]:
    rows = TermsEdition.objects.filter(policy__in=Document.values)
    return {(one.policy, f"{one.edition_on}") for one in rows}


def test_samples_are_for_the_demo_only(shipped: Path, settings: Settings) -> None:
    draft(Document.TERMS, OLD, "Ours.")
    draft(Document.PRIVACY, OLD, "A sample.", more="invented = true\n")
    draft(Document.IMPRINT, OLD, "[[your register number]]")
    settings.DEMO = False
    (left_out,) = legal_editions.publish_shipped(now=now())
    assert left_out.startswith("imprint: left out")
    assert published() == {("terms", OLD)}
    missing = {document for document, _ in legal_editions.missing(now=now())}
    assert missing == {Document.PRIVACY, Document.IMPRINT}
    assert {one.code for one in live_service.of_texts()} == {"E006"}
    settings.DEMO = True
    assert [*live_service.of_texts()] == []
    assert len([*legal_editions.publish_shipped(now=now())]) == 1
    assert published() == {("terms", OLD), ("privacy", OLD)}
    settings.DEMO = False
    assert Document.PRIVACY in {document for document, _ in legal_editions.missing(now=now())}


def test_a_published_text_never_changes_under_its_date(shipped: Path, settings: Settings) -> None:
    path = draft(Document.TERMS, OLD, "Ours.")
    settings.DEMO = False
    assert [*legal_editions.publish_shipped(now=now())] == []
    path.write_text(path.read_text().replace("Ours.", "Others."))
    with pytest.raises(EditionChanged):
        [*legal_editions.publish_shipped(now=now())]
    settings.DEMO = True
    said: list[str] = []
    with pytest.raises(EditionChanged):
        said.extend(legal_editions.publish_shipped(now=now()))
    assert "demo reset" in said[0]


def legal(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """``jewelrymodel legal …``: its exit status."""
    monkeypatch.setattr(sys, "argv", ["jewelrymodel", "legal", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(str(left.value.code))


def test_an_operator_publishes_their_own(
    shipped: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.DEMO = False
    first = draft(Document.TERMS, OLD, "First.")
    assert legal(monkeypatch, "publish", "terms", str(first)) == 1  # nobody confirmed it
    assert legal(monkeypatch, "publish", "terms", str(first), "--yes") == 0
    assert legal(monkeypatch, "publish", "terms", str(first), "--yes") == 0
    second = draft(Document.TERMS, in_days(3), "Second.")
    capsys.readouterr()
    assert legal(monkeypatch, "publish", "terms", str(second), "--yes") == 0
    said = capsys.readouterr().out
    assert ("- First." in said, "+ Second." in said) == (True, True)
    backdated = draft(Document.TERMS, NEW, "Backdated.")
    assert legal(monkeypatch, "publish", "terms", str(backdated), "--yes") == 1
    sample = draft(Document.PRIVACY, OLD, "Sample.", more="invented = true\n")
    assert legal(monkeypatch, "publish", "privacy", str(sample), "--yes") == 1
    assert published() == {("terms", OLD), ("terms", in_days(3))}
    assert legal(monkeypatch, "check") == 0
    draft(Document.IMPRINT, OLD, "[[register]]")
    assert legal(monkeypatch, "check") == 1


def test_the_text_of_an_edition_is_kept_by_the_database() -> None:
    text = publish(Document.PRIVACY, OLD, "Words.")
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("DELETE FROM catalog_terms_text WHERE sha256 = %s", [text.sha256])
