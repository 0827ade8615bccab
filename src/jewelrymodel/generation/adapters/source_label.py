"""What every finished image says of itself, in whatever file it leaves us: which term is true."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.generation.rules.source_types import strengthened
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.studio.export import (
    COMPOSITE_CAPTURE,
    COMPOSITE_GENERATED,
    COMPOSITE_SYNTHETIC,
    HUMAN_EDITS,
    Provenance,
)
from jewelrymodel.studio.looks import LOOKS, LookKind
from jewelrymodel.studio.messages import Alteration


def asset_label(asset: Asset, *, description: tuple[str, ...] = (), said: str = "") -> Provenance:
    """Return the label of a finished image, as every file of it has to have it; with the term that
    a seller wants *said* instead (one of SOURCE_TERMS) where that says more.
    """
    codes = [one["code"] for one in asset.alterations if isinstance(one, dict)]
    own = source_label(
        asset.generator,
        asset.item.look_id,
        made_at=asset.created_at,
        description=description,
        is_drawn=Alteration.PLAIN_CHAIN_DRAWN in codes,
    )
    return replace(own, source_type=strengthened(own.source_type, said))


def source_label(
    generator: str,
    look_id: str,
    *,
    made_at: datetime,
    description: tuple[str, ...] = (),
    is_drawn: bool = False,
) -> Provenance:
    """Return the label of an image by its generator and look; a hosted one counts as a trained one,
    a packshot is a retouched photograph, and an own model is one photograph in another, unless a
    chain *is_drawn*.
    """
    return Provenance(
        made_at=made_at,
        description=description,
        generator=f"{settings.BRAND}, {GeneratorName(generator).value} renderer",
        source_type=_source_type(generator, look_id, is_drawn=is_drawn),
    )


def _source_type(generator: str, look_id: str, *, is_drawn: bool) -> str:
    if generator == GeneratorName.HOSTED:
        return COMPOSITE_GENERATED
    if is_own(look_id) and not is_drawn:
        return COMPOSITE_CAPTURE
    look = LOOKS.get(look_id)
    return HUMAN_EDITS if look and look.kind is LookKind.PACKSHOT else COMPOSITE_SYNTHETIC
