"""What every finished image says of itself, in whatever file it leaves us: which term is true."""

from datetime import datetime

from django.conf import settings

from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.studio.export import COMPOSITE_GENERATED, COMPOSITE_SYNTHETIC, Provenance


def source_label(
    generator: str, *, made_at: datetime, description: tuple[str, ...] = ()
) -> Provenance:
    """Return the label of an image by its generator; a hosted one counts as a trained one."""
    hosted = generator == GeneratorName.HOSTED
    return Provenance(
        made_at=made_at,
        description=description,
        generator=f"{settings.BRAND}, {GeneratorName(generator).value} renderer",
        source_type=COMPOSITE_GENERATED if hosted else COMPOSITE_SYNTHETIC,
    )
