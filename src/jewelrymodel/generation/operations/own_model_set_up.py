"""A seller marks the places on a photo of their own model; nothing but those is kept of the person.

Every write of a file holds the row: who revokes meanwhile waits, and then erases it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import cv2
import numpy as np
from django.db import transaction

from jewelrymodel.audit.operations import record
from jewelrymodel.generation import queries
from jewelrymodel.generation.adapters import embedded, image_files
from jewelrymodel.generation.adapters.own_model_photos import front_of
from jewelrymodel.generation.models import OwnModel, Photo
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.statuses import OwnModelStatus, PhotoStatus
from jewelrymodel.infra import storage
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.studio.composition import Composition
from jewelrymodel.studio.looks import own_look
from jewelrymodel.studio.own_model import Part, set_up_of
from jewelrymodel.studio.own_model_template import template_of
from jewelrymodel.studio.photo import PhotoRefused, upright_srgb

MAX_FRONT_PIXELS = 2048 * 2048
_PAINTED = 127
PREVIEW_EDGE_PX = 720


class NotAgreed(CodedError):
    """The person hasn't agreed, or doesn't any more."""


class FrontUnreadable(CodedError):
    """What was painted can't be read as a picture."""


class NothingToShow(CodedError):
    """The account has no approved piece of a kind that this part wears."""


def set_up_model(
    *, account_id: str, model_id: str, user_id: int, sent: Mapping[str, Any], now: datetime
) -> OwnModel:
    """Keep the places and the scale as the seller confirmed them. Raises NotAgreed, the studio's
    SetUpUnusable, and OwnModel.DoesNotExist.
    """
    with transaction.atomic():
        model = _agreed(account_id, model_id)
        model.set_up = _checked(model, sent)
        model.save(update_fields=["set_up"])
        record(
            actor=Actor.user(user_id),
            action="own_model.set_up",
            subject=f"own_model:{model.pk}",
            reason="",
            account_id=account_id,
            now=now,
        )
    return model


def paint_front(*, account_id: str, model_id: str, data: bytes, now: datetime) -> OwnModel:
    """Keep what the seller painted as lying in front of the piece: a picture of the photo's shape,
    light where it is painted; nothing painted keeps nothing. Raises NotAgreed, FrontUnreadable and
    OwnModel.DoesNotExist.
    """
    with transaction.atomic():
        model = _agreed(account_id, model_id)
        former = model.mask_key
        painted = _painted(data, (model.width_px, model.height_px))
        model.mask_key = ""
        if painted.any():
            key = f"{own_models.own_model_folder(model)}{new_id('front', now=now)}"
            model.mask_key = image_files.store_matte(key, painted)
        model.save(update_fields=["mask_key"])
    if former:
        storage.delete(former)
    return model


def draw_set_up(*, account_id: str, model_id: str, sent: Mapping[str, Any]) -> bytes:
    """Return a watermarked WebP of the account's newest fitting piece, worn as the places are now;
    nothing is kept. Raises NotAgreed, SetUpUnusable, NothingToShow, the studio's ViewRefused, and
    OwnModel.DoesNotExist.
    """
    model = own_models.own_model(account_id=account_id, model_id=model_id)
    if model.status != OwnModelStatus.AGREED:
        raise NotAgreed
    stored = _checked(model, sent)
    kinds = own_look(model.pk, model.kind).piece_kinds
    fitting = Photo.live.filter(
        account_id=account_id, status=PhotoStatus.APPROVED, kind__in=[str(one) for one in kinds]
    )
    photo = fitting.order_by("-created_at").first()
    aspects = queries.aspects(model.pk)
    if photo is None or not aspects:
        raise NothingToShow
    part, size = Part(model.kind), (model.width_px, model.height_px)
    picture = image_files.load(model.image_key)
    template = template_of(model.pk, picture, set_up_of(part, stored, size), front_of(model))
    draft = embedded.preview(
        embedded.small(image_files.load(photo.cutout_key)),
        photo.kind,
        Composition(model.pk, aspects[0]),
        float(photo.size_mm or 0),
        PREVIEW_EDGE_PX,
        own_model=template,
    )
    return image_files.watermarked(draft.image)


def _checked(model: OwnModel, sent: Mapping[str, Any]) -> dict[str, Any]:
    size = (model.width_px, model.height_px)
    return set_up_of(Part(model.kind), sent, size).stored


def _agreed(account_id: str, model_id: str) -> OwnModel:
    rows = OwnModel.objects.select_for_update().filter(account_id=account_id)
    model = rows.get(pk=model_id)
    if model.status != OwnModelStatus.AGREED:
        raise NotAgreed
    return model


def _painted(data: bytes, size: tuple[int, int]) -> Any:
    try:
        image, _notes = upright_srgb(data, ("PNG",), MAX_FRONT_PIXELS)
    except PhotoRefused:
        raise FrontUnreadable from None
    light = np.asarray(image.convert("L"), np.uint8)
    whole = cv2.resize(light, size, interpolation=cv2.INTER_LINEAR)
    return np.where(whole > _PAINTED, 255, 0).astype(np.uint8)
