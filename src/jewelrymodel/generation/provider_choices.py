"""Which providers of image models are on, in which order, and within which limits.

The one place that decides which value counts: what an operator chose last, else what the
environment says. Which providers are set up, their keys and models come from the environment only.
Read at each use, so that running processes take a change up without a restart.
"""

from dataclasses import dataclass

from django.conf import settings

from jewelrymodel.generation.models import ProviderChoice
from jewelrymodel.studio.people_networks import are_installed

MICROS_PER_CENT = 10_000


@dataclass(frozen=True)
class ChosenProvider:
    """A provider that is set up, as it counts now. *number* counts its choices; 0: none was made,
    and all comes from the environment. The budget is US cents for a UTC day.
    """

    name: str
    number: int
    is_on: bool
    place: int
    concurrency: int
    budget_cents: int


def chosen_providers() -> list[ChosenProvider]:
    """Return every provider that is set up, in the order they are asked in; none where the
    environment sets up none, without asking the database. None either where nothing could look for
    people in what they make; the demo's stand-ins draw nobody.
    """
    if not settings.PROVIDERS or not (settings.DEMO or are_installed(settings.MODELS_DIR)):
        return []
    rows = ProviderChoice.objects.order_by("provider", "-number").distinct("provider")
    choices = {row.provider: row for row in rows}
    every = [
        _chosen(one, place, choices.get(one["name"]))
        for place, one in enumerate(settings.PROVIDERS, start=1)
    ]
    return sorted(every, key=lambda one: one.place)  # the environment's order where two are equal


def offers_image_models() -> bool:
    """Return whether any provider of image models is set up and on."""
    return any(one.is_on for one in chosen_providers())


def _chosen(access: dict[str, object], place: int, row: ProviderChoice | None) -> ChosenProvider:
    name = str(access["name"])
    if row:
        return ChosenProvider(
            name, row.number, row.is_on, row.place, row.concurrency, row.budget_cents
        )
    budget_cents = int(str(access["budget_micros"])) // MICROS_PER_CENT
    return ChosenProvider(name, 0, True, place, int(str(access["concurrency"])), budget_cents)
