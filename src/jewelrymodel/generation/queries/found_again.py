"""Which of our images a file is, though it says nothing of itself any more."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Value
from django.db.models.expressions import RawSQL

from jewelrymodel.generation.models import Asset
from jewelrymodel.studio.look_hash import NEAR_BITS, bits_apart

MOST = 5


@dataclass(frozen=True)
class FoundImage:
    """An image of ours that a file looks like; `bits` of 64 are otherwise, None: it is the very
    file.
    """

    asset: Asset
    bits: int | None


def found_again(*, sha256: str, look_hash: int) -> list[FoundImage]:
    """Return the images that a file is, or looks like, nearest first, at most MOST, of all
    accounts: for the desk and the command line, never for a customer. Images whose files are gone
    are not looked at.
    """
    there = Asset.objects.filter(purged_at=None)
    same = [FoundImage(one, None) for one in there.filter(sha256=sha256)[:MOST]]
    apart = RawSQL(
        "bit_count((look_hash # %s::bigint)::bit(64))", [look_hash], output_field=BigIntegerField()
    )
    near = (
        there.filter(look_hash__isnull=False)
        .exclude(pk__in=[one.asset.pk for one in same])
        .annotate(apart=apart)
        .filter(apart__lte=Value(NEAR_BITS))
        .order_by("apart", "-created_at")[:MOST]
    )
    return [
        *same,
        *(FoundImage(one, bits_apart(one.look_hash or 0, look_hash)) for one in near),
    ][:MOST]
