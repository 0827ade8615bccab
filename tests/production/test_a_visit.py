"""What a new customer does, through both proxies: sign up, upload, download, buy."""

import io
import re
from dataclasses import dataclass

import httpx
import pytest
from PIL import Image, PngImagePlugin

from jewelrymodel.config.queue_lanes import QUEUES
from tests.support.inside import run_inside
from tests.support.outside import PASSWORD
from tests.support.proxied import Browser, order, post_webhook, send
from tests.support.proxies import NGINX, Mailbox
from tests.support.service import Service, wait_for
from tests.support.shop import Sandbox
from tests.support.tree import ROOT

PHOTO_BYTES = 25_000_000
"""The largest photo that is taken."""
_LAST_PHOTO = """
from unittest.mock import patch
from django.core import signing
from jewelrymodel.accounts.models import User
from jewelrymodel.generation.models import Photo
from jewelrymodel.infra import storage
photo = Photo.objects.get(account__memberships__user__email={email!r})
name = f'{{photo.account_id}}:ring.png:{{photo.original_key}}'
print('fresh', storage.sign(name))
real = signing.time.time
with patch.object(signing.time, 'time', lambda: real() - storage.DOWNLOAD_LIFETIME_S - 1):
    print('old', storage.sign(name))
"""


@dataclass
class Visitor:
    """Somebody who has signed up through one of the proxies."""

    browser: httpx.Client
    email: str
    link: str


@pytest.fixture(scope="module")
def visitor(browse: Browser, service: Service, mailbox: Mailbox) -> Visitor:
    """Signs up, and follows the link of the mail that comes."""
    browser = browse("70")
    email = f"nina{browser.base_url.port}@rings.example"
    browser.get("/account/signup/")
    mailbox.mails.clear()
    answer = send(browser, "/account/signup/", email=email, password1=PASSWORD)
    assert answer.headers["Location"] == "/account/confirm-email/"
    assert browser.get("/studio").headers["Location"].startswith("/account/login/")
    wait_for(lambda: mailbox.mails, timeout_s=60, what="no mail came")
    letter = mailbox.mails[0].replace("=\r\n", "").replace("=3D", "=")
    link = re.search(r"https?://\S+?/account/confirm-email/[^\s\"<]+", letter)
    assert link, letter
    page = httpx.URL(link[0]).raw_path.decode()
    assert email in browser.get(page).text
    assert send(browser, page).headers["Location"] == "/studio"
    return Visitor(browser, email, link[0])


def photo_of(size: int) -> bytes:
    """A photo of a ring, as a PNG of *size* bytes whose pixels come last."""
    picture = Image.open(ROOT / "tests/photos/render_ring.jpg").convert("RGB")
    picture.thumbnail((600, 600))

    def saved(filling: int) -> bytes:
        chunks, file = PngImagePlugin.PngInfo(), io.BytesIO()
        chunks.add(b"juNk", bytes(filling))
        picture.save(file, "PNG", pnginfo=chunks)
        return file.getvalue()

    return saved(size - len(saved(0)))


def upload(visitor: Visitor, data: bytes) -> httpx.Response:
    visitor.browser.get("/studio")
    return send(visitor.browser, "/studio", files={"photo": ("ring.png", data, "image/png")})


def test_the_link_of_the_mail_leads_to_our_public_address(
    visitor: Visitor, service: Service
) -> None:
    """Whichever proxy and host name the sign-up came by."""
    assert visitor.link.startswith(f"https://localhost:{service.port + NGINX}/account/")
    assert visitor.browser.get("/studio").status_code == 200


def test_the_largest_photo_is_taken_whole_and_its_address_expires(
    visitor: Visitor, service: Service, browse: Browser
) -> None:
    data = photo_of(PHOTO_BYTES)
    assert len(data) == PHOTO_BYTES
    assert re.fullmatch(r"/studio/photos/\w+", upload(visitor, data).headers["Location"])
    said = run_inside(service, _LAST_PHOTO.format(email=visitor.email))
    tokens = dict(line.split(" ", 1) for line in said.splitlines() if line[:4] in ("fres", "old "))
    kept = visitor.browser.get(f"/library/files/{tokens['fresh']}")
    assert kept.status_code == 200
    assert kept.headers["Content-Disposition"] == 'attachment; filename="ring.png"'
    assert kept.headers["Cache-Control"] == "private, no-store"
    assert Image.open(io.BytesIO(kept.content)).size == Image.open(io.BytesIO(data)).size
    assert visitor.browser.get(f"/library/files/{tokens['old']}").status_code == 404
    assert browse("71").get(f"/library/files/{tokens['fresh']}").status_code == 302


def test_a_larger_photo_is_refused_with_a_sentence(visitor: Visitor) -> None:
    answer = upload(visitor, photo_of(PHOTO_BYTES + 1))
    assert answer.status_code == 422
    assert "25 MB" in answer.text


def test_an_order_is_delivered_by_the_processors_message(
    visitor: Visitor, running: Sandbox
) -> None:
    before = set(running.letters)
    assert running.pay(order(visitor.browser)).status_code == 303
    running.panel("webhooks/flush", wait_s=5)
    letters = [one for one in running.letters if one not in before]
    assert {post_webhook(visitor.browser, one) for one in letters} == {200}
    wait_for(
        lambda: "RCP-" in visitor.browser.get("/billing").text,
        timeout_s=60,
        what="the order wasn't delivered",
        pause_s=1,
    )


def test_both_workers_are_at_work(visitor: Visitor) -> None:

    def counted() -> int:
        page = " ".join(re.sub(r"<[^>]*>", " ", visitor.browser.get("/status").text).split())
        found = re.search(r"They generate the images\. (\d+)", page)
        assert found, page
        return int(found[1])

    every = 2 * len(QUEUES)  # each serves every lane
    wait_for(lambda: counted() == every, timeout_s=60, what="one is missing", pause_s=1)
