"""The size of a piece is asked in the units that its kind has, and anew with another kind."""

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.studio.piece_kinds import Kind, KindReason
from jewelrymodel.studio.usual_sizes import USUAL_SIZES_MM
from jewelrymodel.web.customer.studio.forms import ApproveForm
from jewelrymodel.web.customer.studio.size_form import initial_size, usual_mm
from tests.support import generation as world


@pytest.fixture
def client(account: Account) -> Client:
    client = Client()
    client.force_login(account.memberships.get().user)
    return client


@pytest.fixture
def approve(account: Account) -> str:
    return f"/studio/photos/{world.approved_photo(account, kind='ring').id}/approve"


@pytest.mark.parametrize(
    ("size", "unit", "size_mm"),
    [
        ("17,5", "mm", 17.5),
        ("17.5", "", 17.5),
        ("0.7", "in", 17.78),
        ("7½", "us", 17.73),
        ("n 1/2", "uk", 17.4),
        ("54", "eu", 17.19),
        ("13", "jp", 17.0),
    ],
)
def test_a_rings_size_is_taken_in_any_unit(
    client: Client, approve: str, size: str, unit: str, size_mm: float
) -> None:
    assert client.post(approve, {"kind": "ring", "size": size, "unit": unit}).status_code == 302
    row = Photo.objects.get()
    assert (row.status, row.size_mm) == (PhotoStatus.APPROVED, pytest.approx(size_mm, abs=0.01))
    page = client.get(f"/studio/photos/{row.id}?change")
    assert page.context["form"]["size"].value() == f"{row.size_mm:g}"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "ring", "size": "large", "unit": "mm"}, "size"),
        ({"kind": "ring", "size": "1", "unit": "mm"}, "size"),
        ({"kind": "ring", "size": "90", "unit": "in"}, "size"),
        ({"kind": "ring", "size": "N", "unit": "us"}, "size"),
        ({"kind": "ring", "size": "", "unit": "mm"}, "size"),
        ({"kind": "pendant", "size": "7", "unit": "us"}, "unit"),
        ({"kind": "ring", "size": "7", "unit": "fr"}, "unit"),
        ({"kind": "", "size": "7", "unit": "us"}, "kind"),
    ],
)
def test_what_is_no_size_is_asked_again(
    client: Client, approve: str, sent: dict[str, str], field: str
) -> None:
    answer = client.post(approve, sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Photo.objects.get().status == PhotoStatus.SHOWN


def test_another_kind_doesnt_keep_the_former_ones_size(client: Client, approve: str) -> None:
    begun = client.get(approve.removesuffix("/approve")).context["form"].initial
    assert begun == {"kind": "ring", "size": "17", "unit": "mm", "proposed": "ring:17"}
    answer = client.post(approve, {**begun, "kind": "bracelet"})
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["size"].value()) == (422, ["size"], "")
    assert form["size"].help_text == dict(form.hints)["bracelet"]
    again = {name: form[name].value() for name in form.fields}
    assert client.post(approve, {**again, "size": "17"}).status_code == 302
    row = Photo.objects.get()
    assert (row.kind, row.size_mm) == ("bracelet", 17)


def test_a_size_that_was_entered_is_the_chosen_kinds() -> None:
    sent = {**initial_size("ring", 17), "kind": "bracelet", "size": "61"}
    assert ApproveForm(sent).is_valid()


@pytest.fixture
def stud(account: Account) -> Photo:
    photo = world.approved_photo(account, kind="earring")
    shown = {"status": PhotoStatus.SHOWN, "approved_at": None, "size_mm": None, "usual_mm": 8}
    Photo.objects.filter(pk=photo.pk).update(**shown, kind_reason=KindReason.TWO_ALIKE)
    return photo


def approved(client: Client, photo: Photo, size: str) -> bool:
    """Approve it at this size; whether its looks still say that the size is a guess."""
    address = f"/studio/photos/{photo.id}"
    sent = {"kind": "earring", "size": size, "unit": "mm", "proposed": "earring:8"}
    assert client.post(f"{address}/approve", sent).status_code == 302
    return "is-guess" in client.get(address).content.decode()


def test_a_size_by_form_stays_a_guess_until_it_is_looked_at_again(
    client: Client, stud: Photo
) -> None:
    page = client.get(f"/studio/photos/{stud.id}")
    assert page.context["form"]["size"].value() == "8"
    assert page.context["size_is_usual"]
    assert approved(client, stud, "8")
    assert client.get(f"/studio/photos/{stud.id}?change").context["size_is_usual"]
    assert not approved(client, stud, "8")


def test_a_size_that_was_entered_is_no_guess(client: Client, stud: Photo) -> None:
    assert not approved(client, stud, "6")
    assert not approved(client, stud, "8")


def test_a_size_by_form_is_its_kinds(stud: Photo) -> None:
    stud.refresh_from_db()
    assert usual_mm(stud, Kind.EARRING) == 8
    assert usual_mm(stud, Kind.PENDANT) == USUAL_SIZES_MM[Kind.PENDANT]
