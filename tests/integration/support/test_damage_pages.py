"""The pages of a visibly damaged image: reported by its seller, reviewed at the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation.models import Asset, Photo, Task, TaskItem
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.studio.image_check_record import CHECK_VERSION
from jewelrymodel.support import operations, queries
from jewelrymodel.support.categories import DamageKind
from jewelrymodel.support.models import Case, DamageReport
from jewelrymodel.support.statuses import CaseState
from tests.support import generation as world
from tests.support import own_models
from tests.support.damage import claim, image, report
from tests.support.desk import read, shown, wait_until_decided
from tests.support.generation import NOW, credits_of
from tests.support.shop import at_the_desk, register, register_terms


@pytest.fixture
def job(photo: Photo, generator: str, hands: world.Hands) -> Task:
    """Three images, made and paid with three of ten credits."""
    register_terms()
    return world.work(world.order(photo, images=3), hands)


@pytest.fixture
def seller_page(job: Task, client: Client) -> Client:
    client.force_login(job.account.memberships.get().user)
    return client


def asked(job: Task, **more: str) -> dict[str, str]:
    return {"category": "visibly_broken", "task": job.pk, "order": "", **more}


def picked(job: Task, position: int, **more: str) -> dict[str, str]:
    pk = image(job, position).pk
    return {f"image_{pk}": "on", f"kind_{pk}": "lost_part", **more}


def test_the_images_of_a_generation_are_asked_for(job: Task, seller_page: Client) -> None:
    nothing = read(seller_page, "/requests/new?category=visibly_broken&order=&task=")
    assert "Choose the generation with the damaged image." in nothing
    first = image(job, 0)
    page = read(
        seller_page, f"/requests/new?category=visibly_broken&task={job.pk}&image={first.pk}"
    )
    assert page.count("data-mark") == 3
    assert f'id="id_image_{first.pk}" checked' in page
    assert f'id="id_image_{image(job, 1).pk}" checked' not in page
    assert f"image={first.pk}" in read(seller_page, reverse("asset", args=[first.pk]))


@pytest.mark.clause("7.0", "5.3")
def test_a_report_opens_a_request_with_each_claim(job: Task, seller_page: Client) -> None:
    pk = image(job, 1).pk
    mark = {f"x_{pk}": "250", f"y_{pk}": "750"}
    sent = {**asked(job), **picked(job, 1), **mark, "consents": "on"}
    answer = seller_page.post("/requests/new", sent)
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/requests/{case.pk}")
    row = DamageReport.objects.get()
    assert (row.image_id, row.kind, row.mark_x, row.mark_y) == (pk, DamageKind.LOST_PART, 250, 750)
    assert row.consented_at is not None
    assert "A part is missing" in case.entries.earliest("id").text
    page = read(seller_page, f"/requests/{case.pk}")
    assert 'cx="90" cy="270"' in page, "of 360 pixels"
    assert "not reviewed yet" in page
    seller_page.post(f"/requests/{case.pk}/example", {"consents": "no"})
    assert DamageReport.objects.get().consented_at is None
    seller_page.post(f"/requests/{case.pk}/example", {"consents": "yes"})
    assert DamageReport.objects.get().consented_at is not None


def test_what_is_missing_is_said_and_nothing_is_opened(job: Task, seller_page: Client) -> None:
    pk = image(job, 0).pk
    for sent, says in (
        ({"explanation": "A prong is gone."}, "Select each image"),
        ({f"image_{pk}": "on", "explanation": "Kept words."}, "Choose what is damaged"),
        ({**picked(job, 0), f"x_{pk}": "1001", f"y_{pk}": "3"}, "less than or equal to 1000"),
    ):
        answer = seller_page.post("/requests/new", {**asked(job), **sent})
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert sent.get("explanation", "") in answer.content.decode()
    assert not Case.objects.exists()


def test_what_is_confirmed_is_not_asked_again(job: Task, seller_page: Client) -> None:
    case = report(job, claim(job, 0))
    operations.review_damage(
        case_id=case.pk, damaged={image(job, 0).pk: True}, reason="", user_id=7, now=NOW
    )
    page = read(seller_page, f"/requests/new?category=visibly_broken&task={job.pk}")
    assert page.count("data-mark") == 2
    assert "Image 1: our team has already confirmed its damage." in page
    answer = seller_page.post("/requests/new", {**asked(job), **picked(job, 0)})
    assert answer.status_code == 422


def test_of_another_account_nothing_can_be_reported_or_seen(job: Task) -> None:
    case, stranger = report(job, claim(job, 0)), Client()
    stranger.force_login(register("other@else.example").user)
    answer = stranger.post("/requests/new", {**asked(job), **picked(job, 0)})
    assert answer.status_code == 422
    assert stranger.post(f"/requests/{case.pk}/example", {"consents": "yes"}).status_code == 404
    picture = f"/desk/cases/{case.pk}/images/{image(job, 0).pk}/image"
    assert stranger.get(picture).status_code == 404
    assert Case.objects.count() == 1


@pytest.mark.clause("5.3", "8.1")
def test_an_agent_sees_three_pictures_and_decides_with_one_button(job: Task) -> None:
    vera, case = at_the_desk(), report(job, claim(job, 1))
    damaged = image(job, 1)
    page = read(vera, f"/desk/cases/{case.pk}")
    for which in ("photo", "cutout", "image", "full"):
        address = f"/desk/cases/{case.pk}/images/{damaged.pk}/{which}"
        assert address in page
        assert vera.get(address).status_code == 200
    assert 'cx="144" cy="216"' in page
    assert f"check {CHECK_VERSION}" in page
    assert "Automatic check" in page
    answer = vera.post(f"/desk/cases/{case.pk}/review-damage", {f"seen_{damaged.pk}": "damaged"})
    assert answer.status_code == 302
    assert credits_of(job.account)[0] == 7, "for ten seconds it can be undone"
    wait_until_decided()
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED
    assert credits_of(job.account) == (8, 0)
    shown = read(vera, f"/desk/decisions/{case.decision_id}")
    assert "planted damages" in shown
    assert "Damage confirmed" in read(vera, f"/desk/cases/{case.pk}")
    again = vera.post(f"/desk/cases/{case.pk}/review-damage", {f"seen_{damaged.pk}": "damaged"})
    assert again.status_code == 302
    assert DecisionRecord.objects.count() == 1


def test_a_decline_needs_words_and_every_reported_image_an_answer(job: Task) -> None:
    vera, case = at_the_desk(), report(job, claim(job, 1))
    address, seen = f"/desk/cases/{case.pk}/review-damage", f"seen_{image(job, 1).pk}"
    for sent, says in (
        ({}, "Choose what you see in each reported image."),
        ({seen: "whole"}, "Enter a reason; the customer reads it."),
    ):
        answer = vera.post(address, sent)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    said = {**shown(read(vera, f"/desk/cases/{case.pk}")), "reason": "It is in the shade."}
    assert vera.post(address, {seen: "whole", **said}).status_code == 302
    wait_until_decided()
    assert DecisionRecord.objects.get().denied
    page = read(vera, f"/desk/decisions/{DecisionRecord.objects.get().pk}")
    assert "never decides against you" in page


def test_the_page_says_that_an_earlier_decision_has_to_be_carried_out_first(job: Task) -> None:
    vera, first, second = at_the_desk(), report(job, claim(job, 0)), report(job, claim(job, 1))
    says = "An earlier decision about this generation isn’t carried out yet"
    assert says not in read(vera, f"/desk/cases/{second.pk}")
    decision = operations.review_damage(
        case_id=first.pk, damaged={image(job, 0).pk: True}, reason="", user_id=7, now=NOW
    )
    assert decision is not None
    assert says in read(vera, f"/desk/cases/{second.pk}")
    address, sent = (
        f"/desk/cases/{second.pk}/review-damage",
        {f"seen_{image(job, 1).pk}": "damaged"},
    )
    answer = vera.post(address, sent)
    assert answer.status_code == 409
    assert says in answer.content.decode()
    deciding.carry_out(decision_id=decision.pk, now=NOW)
    assert says not in read(vera, f"/desk/cases/{second.pk}")
    assert vera.post(address, sent).status_code == 302


def test_what_was_free_or_made_good_is_answered_in_words(job: Task) -> None:
    job.items.filter(position=2).update(late=True, credits=0)
    job.items.filter(position=1).update(credits=2)
    vera, case = at_the_desk(), report(job)
    page = read(vera, f"/desk/cases/{case.pk}")
    assert "The customer didn’t say which image." in page
    address = f"/desk/cases/{case.pk}/review-damage"
    assert vera.post(address, {"reason": "?"}).status_code == 422
    assert vera.post(address, {f"seen_{image(job, 2).pk}": "damaged"}).status_code == 302
    wait_until_decided()
    assert "No credits are owed for these images" in read(vera, f"/desk/cases/{case.pk}")
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_other_images_and_other_requests_have_no_such_pages(
    job: Task, photo: Photo, hands: world.Hands
) -> None:
    vera, case = at_the_desk(), report(job, claim(job, 0))
    other = world.work(world.order(photo, key="k2"), hands)
    base = f"/desk/cases/{case.pk}/images"
    assert vera.get(f"{base}/{image(other, 0).pk}/image").status_code == 404
    assert vera.get(f"{base}/{image(job, 0).pk}/secret").status_code == 404
    plain = report(job, category="style", damage=())
    assert "Is the damage visible?" not in read(vera, f"/desk/cases/{plain.pk}")


@pytest.mark.clause("10.2")
def test_the_customer_reads_and_keeps_what_the_check_was_worth(
    job: Task, seller_page: Client
) -> None:
    case = report(job, claim(job, 0))
    decision = operations.review_damage(
        case_id=case.pk, damaged={image(job, 0).pk: True}, reason="", user_id=7, now=NOW
    )
    assert decision is not None
    page = read(seller_page, f"/requests/decisions/{decision.pk}")
    assert "planted damages" in page
    assert CHECK_VERSION in page
    file = seller_page.get(f"/requests/decisions/{decision.pk}.json").json()
    assert file["facts"]["task.check_version"]["value"] == CHECK_VERSION
    assert file["facts"]["task.check_planted_damages"]["value"] > 0


@pytest.fixture
def revoked(job: Task) -> Case:
    """A request about a generation whose first image shows somebody who revoked since."""
    case = report(job, claim(job, 0), claim(job, 1))
    model = own_models.agreed(job.account, "neck")
    TaskItem.objects.filter(pk=image(job, 0).item_id).update(own_model=model, look_id=model.pk)
    own_models.revoke(model)
    return case


def test_whoever_revoked_is_seen_at_the_desk_only_with_a_reason(job: Task, revoked: Case) -> None:
    desk, pk = at_the_desk(), image(job, 0).pk
    page, pictures = f"/desk/cases/{revoked.pk}", f"/desk/cases/{revoked.pk}/images"
    Asset.objects.filter(pk=pk).update(image_key="", view_key=image(job, 1).view_key)
    assert f"{pk}/image" not in read(desk, page)
    assert f"{image(job, 1).pk}/image" in read(desk, page)
    assert desk.get(f"{pictures}/{pk}/image").status_code == 404
    assert desk.get(f"{pictures}/{pk}/full").status_code == 404
    assert desk.get(f"{pictures}/{pk}/cutout").status_code == 200
    sent = {"open": pk, f"why_{pk}": " "}
    assert desk.post(f"{page}/open-image", sent)["Location"] == f"{page}#damage"
    assert desk.get(f"{pictures}/{pk}/image").status_code == 404
    desk.post(f"{page}/open-image", {**sent, f"why_{pk}": "The claim names the clasp."})
    shown = desk.get(f"{pictures}/{pk}/image")
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    assert f"{pk}/image" in read(desk, page)
    (entry,) = AuditEntry.objects.filter(action=queries.STOPPED_IMAGE_OPENED)
    assert (entry.reason, entry.account_id) == ("The claim names the clasp.", job.account_id)
    user_id, over = int(entry.actor.removeprefix("user:")), entry.happened_at + queries.OPENED_FOR
    for at, opened in ((over - timedelta(seconds=1), {pk}), (over, set())):
        assert queries.opened_images(case=revoked, user_id=user_id, now=at) == opened
    assert queries.opened_images(case=revoked, user_id=user_id + 1, now=over) == set()


def test_an_image_of_no_case_is_not_opened(job: Task, revoked: Case) -> None:
    with pytest.raises(operations.NotItsImage):
        operations.open_stopped_image(
            case=revoked, image_id="asset_x", reason="x", user_id=1, now=NOW
        )
