"""The looks that a batch is offered: ours and the seller's own models, with what shows each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from jewelrymodel.catalog.products import GenerationPrice
from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.queries.own_models import looks_of, names_of
from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.studio.looks import LOOKS, Look, LookKind
from jewelrymodel.studio.piece_kinds import Kind


@dataclass(frozen=True)
class OfferedLook:
    """A look with its seller's name for it (an own model's), what one image costs, the kinds that
    it suits, how many of the pieces do, the formats it comes in, and the first piece it suits.
    """

    look: Look
    own_name: str
    credits: int
    kinds: str
    fits: int
    aspects: tuple[str, ...]
    example: Photo


def batch_looks(account_id: str, kinds: Collection[str]) -> list[Look]:
    """Return the looks that suit at least one of *kinds*: own models first, then those that suit
    most of them.
    """
    unique = dict.fromkeys(kinds)
    own = {one.id: one for kind in unique for one in looks_of(account_id=account_id, kind=kind)}
    ours = [one for one in LOOKS.values() if _fits(one, kinds)]
    ours.sort(key=lambda one: (-_fits(one, kinds), list(LookKind).index(one.kind)))
    return [*own.values(), *ours]


def look_for_batch(look_id: str, account_id: str, kinds: Collection[str]) -> Look | None:
    """Return one of ``batch_looks``, or a look of ours that suits none of them; None for others."""
    if not is_own(look_id):
        return LOOKS.get(look_id)
    return next((one for one in batch_looks(account_id, kinds) if one.id == look_id), None)


def offered(account_id: str, photos: Sequence[Photo], price: GenerationPrice) -> list[OfferedLook]:
    """Return ``batch_looks`` for the approved *photos* with what is said of each."""
    kinds = [photo.kind for photo in photos]
    looks = batch_looks(account_id, kinds)
    names = names_of(account_id=account_id) if any(is_own(one.id) for one in looks) else {}
    return [_offered(one, photos, price.images[one.kind], names.get(one.id, "")) for one in looks]


def carried_aspects_of(look_id: str, aspects: Collection[str]) -> tuple[str, ...]:
    """Return those of *aspects* that the look comes in: a photo of somebody carries not all."""
    its = queries.aspects(look_id)
    return tuple(one for one in aspects if one in its)


def suits(look: Look, kind: str) -> bool:
    """Return whether a look shows such pieces."""
    return kind in look.piece_kinds


def _fits(look: Look, kinds: Collection[str]) -> int:
    return sum(suits(look, kind) for kind in kinds)


def _offered(look: Look, photos: Sequence[Photo], price: int, own_name: str) -> OfferedLook:
    suited = [photo for photo in photos if suits(look, photo.kind)]
    return OfferedLook(
        look,
        own_name,
        price,
        kinds=" ".join(sorted({Kind(one.kind).value for one in suited})),
        fits=len(suited),
        aspects=queries.aspects(look.id),
        example=suited[0],
    )
