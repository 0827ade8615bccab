"""How the providers of image models are: who takes requests, what they cost today, what ends."""

from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.generation.adapters import attempt_book, generators
from jewelrymodel.generation.models import Attempt
from jewelrymodel.generation.rules.provider_circuit import WAITS, Closed, Closure
from jewelrymodel.generation.rules.provider_models import ProviderModel
from jewelrymodel.generation.statuses import ATTEMPT_OPEN, AttemptState


@dataclass(frozen=True)
class ProviderHealth:
    """One provider that is set up. Money is in millionths of a US dollar, of the UTC day; *last* is
    when it last made an image that passed.
    """

    name: str
    model: ProviderModel
    closed: Closed | None
    spent_micros: int
    budget_micros: int
    under_way: int
    last: datetime | None

    @property
    def is_on(self) -> bool:
        """Whether nobody switched it off."""
        return self.closed is None or self.closed.why is not Closure.OFF

    @property
    def takes_requests(self) -> bool:
        """Whether it is asked now, or within minutes."""
        return self.closed is None or self.closed.why in WAITS


def provider_health(now: datetime) -> list[ProviderHealth]:
    """Return every provider that is set up, in the order they are asked in."""
    lanes = attempt_book.current(generators.lanes())
    return [_health(name, lane, now) for name, lane in lanes.items()]


def _health(name: str, lane: attempt_book.Lane, now: datetime) -> ProviderHealth:
    rows = Attempt.objects.filter(provider=name)
    made = rows.filter(state=AttemptState.MADE).order_by("-asked_at")
    return ProviderHealth(
        name=name,
        model=lane.model,
        closed=attempt_book.why_closed(lane, now),
        spent_micros=attempt_book.spent_micros(name, now),
        budget_micros=lane.access.budget_micros,
        under_way=rows.filter(state__in=ATTEMPT_OPEN).count(),
        last=made.values_list("ended_at", flat=True).first(),
    )
