"""What images bring in and what they cost, by look and generator.

An image brings in its share of what the credits of its generation were paid with: every transfer of
credits keeps that value. It costs what the generator charged and, where our own machine made it,
its share of the time from the generation's first step to its last. Refunds that came later, and
what failed images cost, are not in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.conf import settings

from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.ledger import queries as ledger

_BATCH = 2000


@dataclass(frozen=True)
class Margin:
    """The images of one look by one generator whose credits were paid in one currency; none: nobody
    paid for them. Credits and minor units are sums of shares, exactly.
    """

    look_id: str
    generator: str
    currency: str
    images: int
    credits: Fraction
    revenue_minor: Fraction
    cost_micros: Fraction


@dataclass(frozen=True)
class _Image:
    look_id: str
    generator: str
    credits: int
    late: bool
    cost_micros: Fraction
    hold_id: str
    charged: int


def margins(*, since: datetime) -> list[Margin]:
    """Return the margins of what was delivered since then, most images first.

    An image whose credits came from lots of two currencies is in two rows, by the value of each.
    """
    sums: dict[tuple[str, str, str], list[Fraction]] = {}
    for batch in _batches(_images(since)):
        values = ledger.values_of_holds({one.hold_id for one in batch})
        for one in batch:
            for currency, share, revenue in _shares(one, values.get(one.hold_id, [])):
                total = sums.setdefault((one.look_id, one.generator, currency), [Fraction()] * 4)
                added = (share, share * one.credits, revenue, share * one.cost_micros)
                total[:] = [so_far + more for so_far, more in zip(total, added, strict=True)]
    rows = [
        Margin(*of, round(images), charged, revenue, cost)
        for of, (images, charged, revenue, cost) in sums.items()
    ]
    return sorted(rows, key=lambda row: (-row.images, row.look_id, row.generator, row.currency))


def _shares(
    image: _Image, values: list[tuple[str, int]]
) -> Iterable[tuple[str, Fraction, Fraction]]:
    """Currencies with the image's share in each, and what it brought in."""
    total = sum(value for _currency, value in values)
    if image.late or not image.charged or not total:
        yield "", Fraction(1), Fraction()
        return
    for currency, value in values:
        if value:
            part = Fraction(image.credits, image.charged)
            yield currency, Fraction(value, total), value * part


def _images(since: datetime) -> Iterable[_Image]:
    assets = Asset.objects.filter(created_at__gte=since).select_related("item__task")
    second = Fraction(settings.RENDERING_MICROS_PER_S)
    made: dict[str, int] = {}
    rows = list(assets.order_by("created_at", "id"))
    for asset in rows:
        made[asset.item.task_id] = made.get(asset.item.task_id, 0) + 1
    for asset in rows:
        task = asset.item.task
        cost = Fraction(asset.cost_micros)
        if asset.generator == GeneratorName.EMBEDDED and task.started_at and task.finished_at:
            took_s = Fraction((task.finished_at - task.started_at).total_seconds())
            cost += took_s * second / made[task.id]
        yield _Image(
            asset.item.look_id,
            asset.generator,
            asset.item.credits,
            asset.item.late,
            cost,
            task.hold_id,
            task.credits_charged or 0,
        )


def _batches(images: Iterable[_Image]) -> Iterable[list[_Image]]:
    batch: list[_Image] = []
    for one in images:
        batch.append(one)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
