"""What providers of image models took, beside the credits that their images were charged at."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Sum

from jewelrymodel.generation.models import Attempt
from jewelrymodel.generation.statuses import ATTEMPT_OPEN, AttemptState, ItemState


@dataclass(frozen=True)
class ProviderCost:
    """One provider's requests that ended: how many, how many made an image or one that didn't fit,
    what all cost in millionths of a US dollar, of that what only an invoice can confirm, and the
    credits that were charged for the images.
    """

    provider: str
    requests: int
    made: int
    unfit: int
    cost_micros: int
    unsure_micros: int
    credits: int


def provider_costs(*, since: datetime) -> list[ProviderCost]:
    """Return the costs of the requests sent since then, by the machine's clock, by provider."""
    made = Q(state=AttemptState.MADE)
    charged = made & Q(item__state=ItemState.DELIVERED, item__late=False)
    rows = (
        Attempt.objects.filter(asked_at__gte=since)
        .exclude(state__in=ATTEMPT_OPEN)
        .order_by("provider")
        .values("provider")
        .annotate(
            requests=Count("pk"),
            made=Count("pk", filter=made),
            unfit=Count("pk", filter=Q(state=AttemptState.UNFIT)),
            all_micros=Sum("cost_micros", default=0),
            unsure_micros=Sum(F("cost_micros"), filter=Q(cost_is_sure=False), default=0),
            credits=Sum("item__credits", filter=charged, default=0),
        )
    )
    return [
        ProviderCost(
            row["provider"],
            row["requests"],
            row["made"],
            row["unfit"],
            row["all_micros"],
            row["unsure_micros"],
            row["credits"],
        )
        for row in rows
    ]
