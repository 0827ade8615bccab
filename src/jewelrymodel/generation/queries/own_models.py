"""Sellers' own models, as pages and workers ask for them."""

import hashlib
import json
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from jewelrymodel.generation.models import Asset, OwnModel, Photo
from jewelrymodel.generation.rules.own_model_terms import (
    ANSWER_WITHIN,
    STOPPED,
    carried_aspects,
    forgotten_before,
)
from jewelrymodel.generation.statuses import OWN_MODEL_BOUND, OWN_MODEL_LIVE, OwnModelStatus
from jewelrymodel.studio.looks import Look, own_look


def own_models(*, account_id: str) -> QuerySet[OwnModel]:
    """Return the account's own models, newest first, whatever became of them."""
    return OwnModel.objects.filter(account_id=account_id).order_by("-created_at", "id")


def own_model(*, account_id: str, model_id: str) -> OwnModel:
    """Return one of the account's own models; raises OwnModel.DoesNotExist."""
    rows = OwnModel.objects.select_related("account", "agreement")
    return rows.get(pk=model_id, account_id=account_id)


def usable(*, account_id: str) -> QuerySet[OwnModel]:
    """Return the account's own models who agreed and are set up, newest first."""
    rows = OwnModel.objects.filter(account_id=account_id, status=OwnModelStatus.AGREED)
    return rows.exclude(set_up={}).order_by("-created_at", "id")


def looks_of(*, account_id: str, kind: str) -> tuple[Look, ...]:
    """Return the account's own models as looks for a kind of piece."""
    looks = (own_look(one.pk, one.kind) for one in usable(account_id=account_id))
    return tuple(look for look in looks if kind in look.piece_kinds)


def names_of(*, account_id: str) -> dict[str, str]:
    """Return what the account calls its own models, by look."""
    return dict(own_models(account_id=account_id).values_list("pk", "name"))


def aspects_of_own(look_id: str) -> tuple[str, ...]:
    """Return the formats that a photo of somebody carries: at least half of it shows."""
    size = OwnModel.objects.filter(pk=look_id).values_list("width_px", "height_px").first()
    return carried_aspects(*size) if size else ()


def own_preview_key(photo: Photo, look_id: str, aspect: str) -> str:
    """Return the key of a preview with an own model: in the folder that is erased with the photo,
    another set-up is another preview.
    """
    model = OwnModel.objects.filter(pk=look_id, account_id=photo.account_id).first()
    if model is None:
        return "nothing"
    set_up = json.dumps(model.set_up, sort_keys=True)
    of = f"{photo.cutout_key} {photo.kind} {photo.size_mm} {aspect} {set_up} {model.mask_key}"
    digest = hashlib.sha256(of.encode()).hexdigest()[:24]
    return f"{own_model_folder(model)}preview-{photo.pk}-{digest}.webp"


def own_model_folder(model: OwnModel) -> str:
    """Return the folder of every file that shows this person, but for finished images."""
    return f"own_models/{model.account_id}/{model.pk}/"


def is_stopped(asset: Asset) -> bool:
    """Return whether an image may not be used any more because its model's agreement ended."""
    if asset.item.own_model_id is None:
        return False
    return OwnModel.objects.filter(pk=asset.item.own_model_id, status__in=STOPPED).exists()


def stopped_assets() -> QuerySet[Asset]:
    """Return the images whose model's agreement ended and whose files are still there."""
    return Asset.objects.filter(item__own_model__status__in=STOPPED, purged_at=None)


def own_models_over(*, now: datetime) -> QuerySet[OwnModel]:
    """Return the own models whose term is over, and the requests that nobody answered in time."""
    over = Q(status__in=OWN_MODEL_BOUND, until_on__lt=now.date())
    unanswered = Q(status=OwnModelStatus.ASKED, asked_at__lte=now - ANSWER_WITHIN)
    return OwnModel.objects.filter(over | unanswered).order_by("pk")


def own_models_to_erase() -> QuerySet[OwnModel]:
    """Return the own models that ended and still have files that have to go."""
    photo = Q(photo_erased_at=None) & ~Q(status__in=OWN_MODEL_LIVE)
    images = Q(images_stopped_at=None, status__in=STOPPED)
    return OwnModel.objects.filter(photo | images).order_by("pk")


def own_models_to_forget(*, now: datetime) -> QuerySet[OwnModel]:
    """Return the own models whose agreement, or the request for one, is over for so long that who
    it was is to be forgotten, and still says who.
    """
    before = forgotten_before(now, years=settings.AGREEMENTS_KEPT_YEARS)
    over = Q(status__in=STOPPED, images_stopped_at__lte=before)
    never = Q(agreed_at=None, photo_erased_at__lte=before)
    named = ~Q(person_name="", email="") | Q(agreement__record__gt="")
    return OwnModel.objects.filter(over | never).filter(named).order_by("pk")
