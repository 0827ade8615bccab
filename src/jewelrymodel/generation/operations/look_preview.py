"""Small watermarked previews: free, never an asset; those that nobody moved by hand are kept."""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.generation import queries
from jewelrymodel.generation.adapters import embedded, image_files
from jewelrymodel.generation.adapters.own_model_photos import own_template
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.operations.submission import (
    AspectUnknown,
    LookUnknown,
    PhotoNotApproved,
    require_within_bounds,
)
from jewelrymodel.generation.queries.own_models import looks_of, usable
from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import storage
from jewelrymodel.studio.composition import SQUARE, Composition
from jewelrymodel.studio.looks import LookKind
from jewelrymodel.studio.model_templates import Template
from jewelrymodel.studio.packshot_settings import settings_of
from jewelrymodel.studio.render_request import ViewRefused

LARGE_EDGE_PX, _TRIAL_EDGE_PX = 720, 160


@dataclass(frozen=True)
class Placement:
    """A watermarked WebP of a composition, the millimeters that its width shows, and where the
    cutout lies in it: ``Draft.place`` row by row, then ``Draft.middle``.
    """

    content: bytes
    width_mm: float
    place: tuple[float, ...]


def make_preview(*, account_id: str, photo_id: str, look_id: str, aspect: str = SQUARE) -> str:
    """Render a preview of an approved cutout unless it is there; return its key.

    Raises PhotoNotApproved, LookUnknown, AspectUnknown and the studio's ViewRefused.
    """
    photo = _approved(account_id, photo_id)
    composition = Composition(look_id, aspect)
    _require_known(photo, composition)
    key = queries.preview_key(photo, look_id, aspect)
    if storage.exists(key):
        return key
    draft = embedded.preview(
        _small_cutout(photo.cutout_key),
        photo.kind,
        composition,
        float(photo.size_mm or 0),
        packshot=settings_of(photo.packshot),
        own_model=_own(photo, look_id),
    )
    try:
        storage.put(key, image_files.watermarked(draft.image))
        _keep_only_agreed(photo, look_id, key)
        return key
    except storage.KeyTaken:  # two tabs asked at once; both previews are the same
        return key


def draw_placement(*, account_id: str, photo_id: str, composition: Composition) -> Placement:
    """Return a larger preview, with what was set by hand; nothing is kept.

    Raises PhotoNotApproved, LookUnknown, AspectUnknown, OutOfBounds and the studio's ViewRefused.
    """
    photo = _approved(account_id, photo_id)
    _require_known(photo, composition)
    require_within_bounds(composition)
    cutout = _small_cutout(photo.cutout_key)
    draft = embedded.preview(
        cutout,
        photo.kind,
        composition,
        float(photo.size_mm or 0),
        LARGE_EDGE_PX,
        settings_of(photo.packshot),
        _own(photo, composition.look_id),
    )
    place = tuple(float(value) for value in (*draft.place.ravel(), *draft.middle))
    return Placement(image_files.watermarked(draft.image), draft.width_mm, place)


def refusals_of_looks(
    *, account_id: str, photo_id: str, kind: str, size_mm: float
) -> dict[str, ViewRefused]:
    """Return which looks with a model can't show a cutout that is to be approved as such a piece,
    each with the studio's reason; raises Photo.DoesNotExist.
    """
    photo = queries.photo(account_id=account_id, photo_id=photo_id)
    cutout = _small_cutout(photo.cutout_key)
    refused = {}
    for look in queries.looks(kind):
        if look.kind is LookKind.MODEL:
            try:
                embedded.preview(cutout, kind, Composition(look.id), size_mm, _TRIAL_EDGE_PX)
            except ViewRefused as refusal:
                refused[look.id] = refusal
    return refused


def _approved(account_id: str, photo_id: str) -> Photo:
    photo = Photo.live.filter(
        pk=photo_id, account_id=account_id, status=PhotoStatus.APPROVED
    ).first()
    if photo is None:
        raise PhotoNotApproved
    return photo


def _require_known(photo: Photo, composition: Composition) -> None:
    own = looks_of(account_id=photo.account_id, kind=photo.kind)
    if composition.look_id not in {look.id for look in (*queries.looks(photo.kind), *own)}:
        raise LookUnknown
    if composition.aspect not in queries.aspects(composition.look_id):
        raise AspectUnknown


def _own(photo: Photo, look_id: str) -> Template | None:
    """The photo of the person whom a look is. Raises LookUnknown where it was erased meanwhile."""
    if not is_own(look_id):
        return None
    model = usable(account_id=photo.account_id).filter(pk=look_id).first()
    try:
        return own_template(model) if model else None
    except FileNotFoundError:
        raise LookUnknown from None


def _keep_only_agreed(photo: Photo, look_id: str, key: str) -> None:
    """Whoever revoked while the preview was made found none to erase: it goes again."""
    if is_own(look_id) and not usable(account_id=photo.account_id).filter(pk=look_id).exists():
        storage.delete(key)
        raise LookUnknown


@functools.lru_cache(maxsize=8)
def _small_cutout(key: str) -> NDArray[np.uint8]:
    """A page asks for all its previews at once; keys are never written twice."""
    return embedded.small(image_files.load(key))
