"""What the person in the photo says, by links that only their mailbox holds, without an account."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.audit.operations import record
from jewelrymodel.generation.models import OwnModel, OwnModelAgreement
from jewelrymodel.generation.operations.own_model_end import end, tell_seller
from jewelrymodel.generation.operations.own_model_request import ASK_SALT, who_asks
from jewelrymodel.generation.rules.own_model_terms import (
    ANSWER_WITHIN,
    EDITION,
    is_whole_answer,
)
from jewelrymodel.generation.statuses import (
    OWN_MODEL_BOUND,
    OwnModelKind,
    OwnModelPlace,
    OwnModelStatus,
)
from jewelrymodel.infra import email_queue, formats, languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError

REVOKE_SALT, RECORD_SALT = "generation.own-model-revoke", "generation.own-model-record"
PERSON = Actor.system("own-model")
"""The person in the photo, who has no account."""


class LinkUsed(CodedError):
    """This link was answered already, or a later one took its place, or its time is over."""


class AnswerIncomplete(CodedError):
    """Not said to be of age, or no place allowed, or one that wasn't asked for."""


class TextChanged(CodedError):
    """The text isn't the one that the person had before them: a name or a setting changed since."""


@dataclass(frozen=True)
class Question:
    """What a link leads to: the request, and whether the link can still answer it."""

    model: OwnModel
    is_open: bool


@dataclass(frozen=True)
class Answer:
    """What the person ticked, beside the text with this SHA-256 (hex)."""

    text_sha256: str
    is_adult: bool
    places: Collection[str]
    may_pass_on: bool = False


def question_of(*, token: str, now: datetime) -> Question:
    """Return what a link asks; raises signing.BadSignature for one that isn't ours."""
    model_id, round_ = signing.loads(token, salt=ASK_SALT)
    model = OwnModel.objects.select_related("account", "agreement").filter(pk=model_id).first()
    if model is None:
        raise signing.BadSignature
    return Question(model, _is_open(model, round_, now))


def agree(*, token: str, answer: Answer, now: datetime, machine_now: datetime) -> OwnModel:
    """Record an agreement, signed, and email it to the person with the link that revokes it.

    The text is that of the language spoken now. Raises LinkUsed, AnswerIncomplete, TextChanged and
    signing.BadSignature.
    """
    with transaction.atomic():
        model = _answering(token, now)
        if not is_whole_answer(answer.places, model.asked_places, is_adult=answer.is_adult):
            raise AnswerIncomplete
        agreement = _agreement(model, answer, now)
        if agreement.text_sha256 != answer.text_sha256:
            raise TextChanged
        agreement.save(force_insert=True)
        model.status, model.agreed_at = OwnModelStatus.AGREED, now
        model.round += 1
        model.save(update_fields=["status", "agreed_at", "round"])
        _note(model, "own_model.agreed", now)
        _send_record(model, agreement, machine_now)
        tell_seller(model, machine_now)
    return model


def decline(*, token: str, now: datetime, machine_now: datetime) -> OwnModel:
    """End a request at the person's word; raises LinkUsed and signing.BadSignature."""
    with transaction.atomic():
        model = _answering(token, now)
        end(model, OwnModelStatus.DECLINED, now)
        _note(model, "own_model.declined", now)
        tell_seller(model, machine_now)
    return model


def model_to_revoke(*, token: str) -> OwnModel:
    """Return whose agreement a link revokes; raises signing.BadSignature for one not ours."""
    model_id = signing.loads(token, salt=REVOKE_SALT)
    return OwnModel.objects.select_related("account", "agreement").get(pk=model_id)


def revoke(*, token: str, now: datetime, machine_now: datetime) -> OwnModel:
    """End an agreement at the person's word: from this commit on no image with them is made or
    handed out. Doing it again changes nothing. Raises signing.BadSignature.
    """
    model_id = model_to_revoke(token=token).pk
    with transaction.atomic():
        model = _locked(model_id)
        if model.status in OWN_MODEL_BOUND:
            end(model, OwnModelStatus.REVOKED, now)
            _note(model, "own_model.revoked", now)
            tell_seller(model, machine_now)
    return model


def generator_asked() -> str:
    """Return the name of the outside generator that a person is asked about, "" without one."""
    return (urlsplit(settings.HOSTED_GENERATOR_URL).hostname or "")[:60]


def agreement_text(model: OwnModel) -> str:
    """Return the text that a person agrees to, in the language spoken now: paragraphs, separated by
    empty lines. Its edition is EDITION.
    """
    words = {
        **who_asks(model.account),
        "part": OwnModelKind(model.kind).label,
        "places": [OwnModelPlace(one).label for one in model.asked_places],
        "until_on": formats.day(model.until_on),
        "brand": settings.BRAND,
        "generator": generator_asked(),
    }
    text = render_to_string("generation/own_model_agreement.txt", words)
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def digest_of(text: str) -> str:
    """Return the SHA-256, in hex, by which an agreement names its text."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_genuine(agreement: OwnModelAgreement) -> bool:
    """Return whether a record is as we signed it, and its text the one that it names."""
    try:
        signed = signing.Signer(salt=RECORD_SALT).unsign(
            f"{agreement.record}:{agreement.signature}"
        )
    except signing.BadSignature:
        return False
    named = json.loads(signed)
    digest = digest_of(agreement.text)
    return bool(named["text_sha256"] == digest == agreement.text_sha256)


def _is_open(model: OwnModel, round_: int, now: datetime) -> bool:
    asked = model.status == OwnModelStatus.ASKED and model.round == round_
    in_time = now < model.asked_at + ANSWER_WITHIN and now.date() <= model.until_on
    return asked and in_time and model.account.closed_at is None


def _answering(token: str, now: datetime) -> OwnModel:
    model_id, round_ = signing.loads(token, salt=ASK_SALT)
    model = _locked(model_id)
    if not _is_open(model, round_, now):
        raise LinkUsed
    return model


def _locked(model_id: str) -> OwnModel:
    rows = OwnModel.objects.select_for_update(of=("self",)).select_related("account")
    return rows.get(pk=model_id)


def _agreement(model: OwnModel, answer: Answer, now: datetime) -> OwnModelAgreement:
    text = agreement_text(model)
    digest = digest_of(text)
    places = [place for place in model.asked_places if place in answer.places]
    generator = generator_asked() if answer.may_pass_on else ""
    named = {
        "agreed_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "edition": EDITION,
        "email": model.email,
        "generator": generator,
        "is_adult": True,
        "language": languages.current().code,
        "model": model.pk,
        "person": model.person_name,
        "photo_sha256": model.sha256,
        "places": places,
        "seller": model.account_id,
        "text_sha256": digest,
        "until_on": model.until_on.isoformat(),
    }
    signed = json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return OwnModelAgreement(
        own_model=model,
        edition=EDITION,
        language=languages.current().code,
        text=text,
        text_sha256=digest,
        places=places,
        generator=generator,
        until_on=model.until_on,
        record=signed,
        signature=signing.Signer(salt=RECORD_SALT).signature(signed),
        agreed_at=now,
    )


def _send_record(model: OwnModel, agreement: OwnModelAgreement, machine_now: datetime) -> None:
    token = signing.dumps(model.pk, salt=REVOKE_SALT)
    words = {
        "model": model,
        "agreement": agreement,
        "places": [OwnModelPlace(one).label for one in agreement.places],
        "url": f"{settings.PUBLIC_URL}/model-revocation/{token}",
    }
    text = render_to_string("generation/own_model_record_mail.txt", words)
    email_queue.send_later(
        to=model.email, subject=_("What you agreed to"), text=text, machine_now=machine_now
    )


def _note(model: OwnModel, action: str, now: datetime) -> None:
    record(
        actor=PERSON,
        action=action,
        subject=f"own_model:{model.pk}",
        reason="",
        account_id=model.account_id,
        now=now,
    )
