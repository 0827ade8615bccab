"""What every finished image says of itself, in whatever file it leaves us: which term is true."""

from datetime import datetime

from django.conf import settings

from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.studio.export import (
    COMPOSITE_GENERATED,
    COMPOSITE_SYNTHETIC,
    HUMAN_EDITS,
    Provenance,
)
from jewelrymodel.studio.looks import LOOKS, LookKind


def source_label(
    generator: str, look_id: str, *, made_at: datetime, description: tuple[str, ...] = ()
) -> Provenance:
    """Return the label of an image by its generator and look; a hosted one counts as a trained one,
    and a packshot is a retouched photograph.
    """
    return Provenance(
        made_at=made_at,
        description=description,
        generator=f"{settings.BRAND}, {GeneratorName(generator).value} renderer",
        source_type=_source_type(generator, look_id),
    )


def _source_type(generator: str, look_id: str) -> str:
    if generator == GeneratorName.HOSTED:
        return COMPOSITE_GENERATED
    look = LOOKS.get(look_id)
    return HUMAN_EDITS if look and look.kind is LookKind.PACKSHOT else COMPOSITE_SYNTHETIC
