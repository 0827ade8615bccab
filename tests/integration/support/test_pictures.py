"""Screenshots with a request (7.5), by form and by mail: pixels only, for whose case it is."""

import io
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import mail
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Attachment, Case
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import MailOutcome
from tests.support.shop import at_the_desk, now, register

pytestmark = pytest.mark.django_db

SECRET_PLACE = "51 degrees north"


def screenshot(kind: str = "JPEG") -> bytes:
    """A picture whose metadata says where it was taken."""
    image, buffer = Image.new("RGB", (640, 400), (200, 180, 90)), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET_PLACE
    image.save(buffer, kind, exif=exif)
    return buffer.getvalue()


def upload(name: str = "shot.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, screenshot() if data is None else data, "image/jpeg")


def ask(client: Client, *files: SimpleUploadedFile) -> int:
    told = {"category": "other", "explanation": "It looks wrong.", "pictures": list(files)}
    return client.post("/requests/new", told).status_code


@pytest.fixture
def buyer(client: Client, seller: Membership) -> Client:
    client.force_login(seller.user)
    return client


@pytest.fixture
def agent() -> Client:
    return at_the_desk()


@pytest.mark.clause("7.5")
def test_a_screenshot_is_written_anew_and_shown_to_both_sides_alone(
    buyer: Client, agent: Client
) -> None:
    assert ask(buyer, upload()) == 302
    kept = Attachment.objects.select_related("entry__case").get()
    case = kept.entry.case
    address = f"/requests/{case.pk}/pictures/{kept.pk}"
    assert address in buyer.get(f"/requests/{case.pk}").content.decode()
    for client, path in ((buyer, address), (agent, f"/desk/cases/{case.pk}/pictures/{kept.pk}")):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert SECRET_PLACE.encode() not in answer.content
        with Image.open(io.BytesIO(answer.content)) as shown:
            assert shown.size == (kept.width_px, kept.height_px) == (640, 400)
            assert not shown.getexif()
    other = Client()
    other.force_login(register("other@else.example").user)
    assert other.get(address).status_code == 404
    assert ask(other, upload()) == 302
    foreign = Attachment.objects.exclude(pk=kept.pk).get()
    assert buyer.get(f"/requests/{case.pk}/pictures/{foreign.pk}").status_code == 404


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([upload("virus.jpg", b"MZ not a picture")], "virus.jpg can’t be read as a picture"),
        ([upload(f"{n}.jpg") for n in range(6)], "Choose at most 5 pictures."),
        (
            [upload(), upload("empty.png", b"")],
            "empty.png is empty (0 bytes). Nothing was sent.",
        ),
    ],
    ids=["no picture", "too many", "nothing in it"],
)
def test_what_cannot_be_kept_is_named_and_nothing_is_sent(
    buyer: Client, files: list[SimpleUploadedFile], told: str
) -> None:
    sent = {"category": "other", "explanation": "It looks wrong.", "pictures": files}
    answer = buyer.post("/requests/new", sent)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "It looks wrong." in answer.content.decode(), "what was written stays"
    assert not Case.objects.exists()
    assert not Attachment.objects.exists()


def test_each_empty_file_is_named_in_a_reply_too(buyer: Client) -> None:
    ask(buyer)
    case = Case.objects.get()
    files = [upload("a.png", b""), upload(), upload("b.png", b"")]
    answer = buyer.post(f"/requests/{case.pk}", {"text": "Here.", "pictures": files})
    assert answer.status_code == 422
    for name in ("a.png", "b.png"):
        assert f"{name} is empty (0 bytes). Nothing was sent." in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_reply_brings_pictures_too(buyer: Client) -> None:
    ask(buyer)
    case = Case.objects.get()
    answer = buyer.post(f"/requests/{case.pk}", {"text": "Here it is.", "pictures": [upload()]})
    assert answer.status_code == 302
    assert Attachment.objects.get().entry.text == "Here it is."


@pytest.mark.clause("7.0", "7.5")
def test_pictures_of_a_mail_are_kept_and_the_rest_is_named(seller: Membership) -> None:
    message = EmailMessage()
    message["From"], message["To"] = seller.user.email, settings.SUPPORT_EMAIL
    message["Subject"] = "Blank image"
    message.set_content("See the pictures.")
    for number in range(6):
        message.add_attachment(
            screenshot("PNG"), maintype="image", subtype="png", filename=f"{number}.png"
        )
    message.add_attachment(b"#!/bin/sh", maintype="text", subtype="x-sh", filename="run.sh")
    assert take(message) is MailOutcome.OPENED
    case = Case.objects.get()
    first = queries.entries(case_id=case.pk, internal=False)[0]
    assert [one.name for one in first.pictures.all()] == [f"{n}.png" for n in range(5)]
    assert "(not shown here: 5.png, run.sh)" in first.text

    reply = EmailMessage()
    reply["From"], reply["To"] = seller.user.email, settings.SUPPORT_EMAIL
    reply["Subject"] = f"Re: {email_references.tag(case.number, case.thread_key)}"
    reply.set_content("One more.")
    reply.add_attachment(screenshot(), maintype="image", subtype="jpeg", filename="more.jpg")
    assert take(reply) is MailOutcome.THREADED
    last = queries.entries(case_id=case.pk, internal=False)[-1]
    assert [one.name for one in last.pictures.all()] == ["more.jpg"]


def test_a_mail_with_very_many_files_names_only_some(seller: Membership) -> None:
    message = EmailMessage()
    message["From"], message["To"] = seller.user.email, settings.SUPPORT_EMAIL
    message["Subject"] = "Files"
    message.set_content("Many.")
    for number in range(200):
        name = f"{number:03}-{'x' * 100}.bin"
        message.add_attachment(b"x", maintype="application", subtype="x-y", filename=name)
    assert take(message) is MailOutcome.OPENED
    first = queries.entries(case_id=Case.objects.get().pk, internal=False)[0]
    assert "and 190 more" in first.text
    assert len(first.text) < 2000


def take(message: EmailMessage) -> MailOutcome | None:
    kept = mail.keep(
        envelope_from=mail.parse_email(bytes(message)).address,
        envelope_to=[settings.SUPPORT_EMAIL],
        raw=bytes(message),
        now=now(),
    )
    return operations.receive_email(mail_id=kept.pk, now=now())
