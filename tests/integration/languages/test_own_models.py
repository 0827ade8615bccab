"""On no page or email of a seller's own models is a sentence untranslated."""

import io
import re
from datetime import timedelta

import pytest
from django.core import mail

from jewelrymodel.accounts.models import Membership
from jewelrymodel.generation.models import OwnModel
from jewelrymodel.infra import clock
from tests.support.account_emails import link_in, send_waiting
from tests.support.own_models import photo_of
from tests.support.pseudo_pages import Walk

pytestmark = pytest.mark.django_db


def request_for(name: str, **fields: object) -> dict[str, object]:
    photo = io.BytesIO(photo_of())
    photo.name = "hand.jpg"
    usual: dict[str, object] = {
        "photo": photo,
        "kind": "hand",
        "name": "Ada's rings",
        "person_name": "ada",
        "email": f"{name}@person.example",
        "language": "de",
        "places": ["shop", "ads"],
        "until_on": (clock.now() + timedelta(days=90)).date(),
    }
    return {**usual, **fields}


def asked(buyer: Walk, name: str) -> tuple[OwnModel, str]:
    """Somebody who is asked, and the address that they are asked at."""
    buyer.post("/models/new", **request_for(name))
    mail.outbox.clear()
    send_waiting()
    letter = next(one for one in mail.outbox if "model-agreement" in str(one.body))
    buyer.read(letter)
    return OwnModel.objects.get(email=f"{name}@person.example"), link_in(letter)


def test_asking_answering_and_revoking(seller: Membership, buyer: Walk) -> None:
    for address in ("/models", "/models/new"):
        buyer.get(address)
    buyer.post("/models/new", email="x")
    buyer.post("/models/new", **request_for("late", until_on="2000-01-01"))
    buyer.post("/models/new", **request_for("none", photo=io.BytesIO(b"x")))
    model, link = asked(buyer, "yes")
    buyer.get(f"/models/{model.id}")
    buyer.get(link)
    buyer.post(link, answer="agree")
    said = {"answer": "agree", "adult": "on", "agreed": "on", "place": "shop"}
    read = re.search(r'name="text" value="(\w+)"', buyer.post(link, **said))
    assert read  # they were asked to read it again
    buyer.post(link, **said, text=read[1])
    buyer.get(link)
    mail.outbox.clear()
    send_waiting()
    record = next(one for one in mail.outbox if "model-revocation" in str(one.body))
    for one in mail.outbox:
        if one is not record:  # it has our record word for word, names of fields too
            buyer.read(one)
    path = next(line for line in str(record.body).splitlines() if "/model-revocation/" in line)
    revocation = path[path.index("/model-revocation/") :]
    buyer.get(f"/models/{model.id}")
    buyer.get(f"/models/{model.id}/set-up")
    buyer.post(f"/models/{model.id}/set-up/save", length_mm="17")
    buyer.get(revocation)
    buyer.post(revocation)
    buyer.get(f"/models/{model.id}")
    refused, link = asked(buyer, "no")
    buyer.post(f"/models/{refused.id}/ask-again")
    mail.outbox.clear()
    buyer.get(link)  # a newer one took its place
    withdrawn, _link = asked(buyer, "gone")
    for _twice in range(2):
        buyer.post(f"/models/{withdrawn.id}/remove")
    buyer.get(f"/models/{withdrawn.id}")
    send_waiting()
    question = next(one for one in mail.outbox if "model-agreement" in str(one.body))
    buyer.get("/models")
    buyer.post(link_in(question), answer="decline")
    assert set(OwnModel.objects.values_list("status", flat=True)) >= {"revoked", "withdrawn"}
    assert not buyer.escaped, buyer.report()
