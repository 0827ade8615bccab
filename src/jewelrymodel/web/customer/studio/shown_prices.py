"""What images cost on the page that a seller presses on: nothing dearer is made by that press."""

from collections.abc import Iterable

from jewelrymodel.catalog.products import GenerationPrice
from jewelrymodel.studio.look_kinds import LookKind


def prices_field(price: GenerationPrice) -> str:
    """Return the page's prices as its form says them again: ``model:2 packshot:1``."""
    return " ".join(f"{kind.value}:{each}" for kind, each in sorted(price.images.items()))


def credits_shown(field: str, kinds: Iterable[LookKind]) -> int | None:
    """Return what images in looks of these *kinds* cost by *field*; None where it doesn't say."""
    pairs = (one.partition(":") for one in field.split())
    shown = {kind: int(each) for kind, _sign, each in pairs if each.isdecimal()}
    wanted = [kind.value for kind in kinds]
    if not shown.keys() >= set(wanted):
        return None
    return sum(shown[kind] for kind in wanted)
