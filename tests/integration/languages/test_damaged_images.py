"""On no page and in no email about a damaged image is a sentence left untranslated."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import translation

from jewelrymodel.accounts.operations import choose_language
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from tests.support import generation as world
from tests.support import pseudo
from tests.support.damage import image
from tests.support.generation import NOW
from tests.support.pseudo_pages import Walk
from tests.support.shop import now, register_terms


@pytest.fixture
def job(photo: Photo, generator: str, hands: world.Hands) -> Task:
    register_terms()
    return world.work(world.order(photo, images=3), hands)


@pytest.fixture
def walk(job: Task) -> Iterator[Walk]:
    """Its seller, who reads the pseudo-language."""
    member = job.account.memberships.get()
    choose_language(user_id=member.user_id, language=pseudo.LANGUAGE)
    walk = Walk()
    walk.client.force_login(member.user)
    with pseudo.spoken(), translation.override(pseudo.LANGUAGE):
        yield walk


def test_a_damaged_image_is_reported_and_reviewed(job: Task, walk: Walk) -> None:
    asked = {"category": "visibly_broken", "task": job.pk}
    walk.get("/requests/new", category="visibly_broken")
    walk.post("/requests/new", **asked)
    for position, seen in ((0, True), (1, False)):
        pk = image(job, position).pk
        walk.post("/requests/new", **asked, **{f"image_{pk}": "on"})
        picked = {f"image_{pk}": "on", f"kind_{pk}": "blurred", f"x_{pk}": "5", f"y_{pk}": "5"}
        walk.post("/requests/new", **asked, **picked)
        case = Case.objects.latest("number")
        walk.post(f"/requests/{case.pk}/example", consents="yes")
        walk.post(f"/requests/{case.pk}/example", consents="no")
        operations.review_damage(
            case_id=case.pk, damaged={pk: seen}, reason="№ 1", user_id=1, now=NOW
        )
        case.refresh_from_db()
        walk.get(f"/requests/{case.pk}")
        walk.get(f"/requests/decisions/{case.decision_id}")
        walk.get("/requests/new", **asked)
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=30)):
        operations.mail_entry(entry_id=entry_id, now=now())
    for email in mail.outbox:
        walk.read(email)
    assert len(mail.outbox) == 4
    assert not walk.escaped, walk.report()
