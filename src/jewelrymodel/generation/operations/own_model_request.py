"""A seller asks a person whether a photo of them may show jewelry, and may take that back."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.accounts.models import Account
from jewelrymodel.accounts.queries import members_of
from jewelrymodel.audit.operations import record
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import OwnModel
from jewelrymodel.generation.operations.own_model_end import end
from jewelrymodel.generation.rules.own_model_terms import (
    ANSWER_WITHIN,
    MAX_OWN_MODELS,
    OWN,
    is_possible_term,
)
from jewelrymodel.generation.statuses import OWN_MODEL_LIVE, OwnModelPlace, OwnModelStatus
from jewelrymodel.infra import email_queue, formats, languages
from jewelrymodel.infra.photo_opener import open_upload
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id

ASK_SALT = "generation.own-model-ask"


class TooManyModels(CodedError):
    """The account has MAX_OWN_MODELS that are asked or have agreed."""


class TermUnlikely(CodedError):
    """The last day is past, or farther away than anybody should be asked for."""


class NotAsking(CodedError):
    """The request was answered, withdrawn or lapsed."""


class NothingToEnd(CodedError):
    """The request or agreement ended already."""


@dataclass(frozen=True)
class ModelRequest:
    """What a seller asks: of whom, with which part of the body, for what, until which day."""

    name: str
    kind: str
    person_name: str
    email: str
    language: str
    places: Collection[str]
    until_on: date


def ask_model(
    *, account_id: str, user_id: int, asked: ModelRequest, data: bytes, now: datetime,
    machine_now: datetime,
) -> OwnModel:  # fmt: skip
    """Store the photo, stripped of its metadata, and email the person the question.

    Raises the studio's PhotoRefused, TermUnlikely and TooManyModels; then nothing is stored.
    """
    if not is_possible_term(asked.until_on, today=now.date()):
        raise TermUnlikely
    photo = open_upload(data)
    model_id = new_id(OWN, now=now)
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
        live = OwnModel.objects.filter(account=account, status__in=OWN_MODEL_LIVE).count()
        if live >= MAX_OWN_MODELS:
            raise TooManyModels(at_most=MAX_OWN_MODELS)
        stored = image_files.store(f"own_models/{account_id}/{model_id}/photo", photo.rgb)
        model = OwnModel.objects.create(
            id=model_id,
            account=account,
            name=asked.name,
            kind=asked.kind,
            person_name=asked.person_name,
            email=asked.email.strip().lower(),
            language=asked.language,
            asked_places=[place for place in OwnModelPlace.values if place in asked.places],
            until_on=asked.until_on,
            image_key=stored.image_key,
            view_key=stored.view_key,
            sha256=hashlib.sha256(photo.rgb.tobytes()).hexdigest(),
            width_px=stored.width_px,
            height_px=stored.height_px,
            created_at=now,
            asked_at=now,
        )
        _note(model, "own_model.asked", user_id, now)
        _send_question(model, machine_now)
    return model


def ask_again(
    *, account_id: str, model_id: str, user_id: int, now: datetime, machine_now: datetime
) -> OwnModel:
    """Email the question once more, with a new link; former ones are worth nothing. The time to
    answer isn't longer for it. Raises NotAsking, and OwnModel.DoesNotExist.
    """
    with transaction.atomic():
        model = _locked(account_id, model_id)
        if model.status != OwnModelStatus.ASKED or now >= model.asked_at + ANSWER_WITHIN:
            raise NotAsking
        model.round += 1
        model.save(update_fields=["round"])
        _note(model, "own_model.asked_again", user_id, now)
        _send_question(model, machine_now)
    return model


def remove_model(*, account_id: str, model_id: str, user_id: int, now: datetime) -> OwnModel:
    """Withdraw a request, or remove a model who agreed: the photo is erased. Images that were made
    stay usable until the agreement ends. Raises NothingToEnd, and OwnModel.DoesNotExist.
    """
    with transaction.atomic():
        model = _locked(account_id, model_id)
        if model.status not in OWN_MODEL_LIVE:
            raise NothingToEnd
        asked = model.status == OwnModelStatus.ASKED
        end(model, OwnModelStatus.WITHDRAWN if asked else OwnModelStatus.REMOVED, now)
        _note(model, "own_model.removed", user_id, now)
    return model


def who_asks(account: Account) -> dict[str, str]:
    """Return the name of the account, and the address of its oldest member, for the person; none
    where the account is erased.
    """
    people = [one.user for one in members_of(account_id=account.pk) if one.user.is_active]
    return {"seller": account.name, "seller_email": people[0].email if people else ""}


def question_token(model: OwnModel) -> str:
    """Return the token of the link by which a person answers; worth nothing after the answer."""
    return signing.dumps([model.pk, model.round], salt=ASK_SALT, compress=True)


def _send_question(model: OwnModel, machine_now: datetime) -> None:
    with languages.speaking(model.language):
        asker = who_asks(model.account)
        words = {
            **asker,
            "model": model,
            "answer_by": formats.day((model.asked_at + ANSWER_WITHIN).date()),
            "url": f"{settings.PUBLIC_URL}/model-agreement/{question_token(model)}",
        }
        subject = _("May %(seller)s show jewelry on a photo of you?") % asker
        text = render_to_string("generation/own_model_question_mail.txt", words)
        email_queue.send_later(to=model.email, subject=subject, text=text, machine_now=machine_now)


def _note(model: OwnModel, action: str, user_id: int, now: datetime) -> None:
    record(
        actor=Actor.user(user_id),
        action=action,
        subject=f"own_model:{model.pk}",
        reason="",
        account_id=model.account_id,
        now=now,
    )


def _locked(account_id: str, model_id: str) -> OwnModel:
    rows = OwnModel.objects.select_for_update(of=("self",)).select_related("account")
    return rows.get(pk=model_id, account_id=account_id)
