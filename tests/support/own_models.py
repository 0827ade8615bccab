"""People whom sellers ask, and who answer."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core import signing
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import OwnModel
from jewelrymodel.generation.operations import (
    own_model_answer,
    own_model_end,
    own_model_request,
    own_model_set_up,
)
from jewelrymodel.generation.operations.own_model_answer import Answer
from jewelrymodel.generation.operations.own_model_request import ModelRequest, question_token
from tests.support.generation import NOW

UNTIL = date(2027, 11, 22)
PACK = Path(__file__).resolve().parents[2] / "src/jewelrymodel/studio/templates"
OF_KIND = {
    "hand": "hand-light-35",
    "ear": "ear-light",
    "neck": "neck-light",
    "wrist": "hand-tan-35",
}


def photo_of(kind: str = "hand") -> bytes:
    """A photo of somebody: our own rendered person, as a camera would have written it."""
    file = io.BytesIO()
    folder = PACK / OF_KIND.get(kind, "hand-tan-35")
    picture = next(one for one in folder.iterdir() if one.stem == "picture")
    image = Image.open(picture).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    image.save(file, "JPEG", quality=92, exif=exif)
    return file.getvalue()


def asked(account: Account, kind: str = "hand", *, at: datetime = NOW) -> OwnModel:
    """A person who was asked, and hasn't answered."""
    request = ModelRequest(
        name="Anna, window light",
        kind=kind,
        person_name="Anna Beispiel",
        email="anna@person.example",
        language="en",
        places=["shop", "marketplaces", "social"],
        until_on=UNTIL,
    )
    user_id = account.memberships.get().user_id
    return own_model_request.ask_model(
        account_id=account.id,
        user_id=user_id,
        asked=request,
        data=photo_of(kind),
        now=at,
        machine_now=at,
    )


def agreed(account: Account, kind: str = "hand", *, at: datetime = NOW) -> OwnModel:
    """A person who agreed to two of the three places."""
    model = asked(account, kind, at=at)
    read = own_model_answer.digest_of(own_model_answer.agreement_text(model))
    answer = Answer(text_sha256=read, is_adult=True, places=["shop", "social"])
    own_model_answer.agree(token=question_token(model), answer=answer, now=at, machine_now=at)
    model.refresh_from_db()
    return model


PLACES: dict[str, dict[str, Any]] = {
    "neck": {
        "points": {"left": [0.276, 0.302], "right": [0.776, 0.303], "lowest": [0.496, 0.626]},
        "length_mm": 125,
    },
    "ear": {
        "points": {"lobe": [0.411, 0.236], "tip": [0.421, 0.283], "top": [0.4, 0.01]},
        "length_mm": 46,
    },
    "hand": {
        "points": {"left": [0.47, 0.45], "right": [0.57, 0.45], "towards": [0.52, 0.6]},
        "length_mm": 17,
        "tilt_deg": 35,
    },
}
"""Where pieces sit on the rendered people of these tests."""


def in_use(account: Account, kind: str = "neck", *, at: datetime = NOW) -> OwnModel:
    """A person who agreed, set up."""
    model = agreed(account, kind, at=at)
    user_id = account.memberships.get().user_id
    return own_model_set_up.set_up_model(
        account_id=account.id, model_id=model.id, user_id=user_id, sent=PLACES[kind], now=at
    )


def revoke(model: OwnModel, *, at: datetime = NOW) -> None:
    """The person revokes, by the link in their mailbox."""
    token = signing.dumps(model.pk, salt=own_model_answer.REVOKE_SALT)
    own_model_answer.revoke(token=token, now=at, machine_now=at)
    own_model_end.erase_own_model(model_id=model.pk, now=at)
