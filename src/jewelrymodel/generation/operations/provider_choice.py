"""An operator changes which provider of image models is asked, how often, and for how much."""

from dataclasses import asdict, dataclass
from datetime import datetime

from jewelrymodel.audit import operations as audit
from jewelrymodel.generation.models import ProviderChoice
from jewelrymodel.generation.provider_choices import ChosenProvider, chosen_providers
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id


class ProviderNotSetUp(CodedError):
    """The environment sets up no provider of this name."""


class ProviderChangedMeanwhile(CodedError):
    """Somebody else changed it since the form was opened."""


class NothingChanged(CodedError):
    """The choice is what counts already."""


@dataclass(frozen=True)
class Limits:
    """What can be chosen of a provider; the budget is US cents for a UTC day."""

    is_on: bool
    place: int
    concurrency: int
    budget_cents: int


def limits_of(one: ChosenProvider) -> Limits:
    """Return what counts of a provider now."""
    return Limits(one.is_on, one.place, one.concurrency, one.budget_cents)


def choose_provider(
    *, name: str, limits: Limits, number: int, actor: Actor, reason: str, now: datetime
) -> ProviderChoice:
    """Return the choice, which counts from here on: no request begins by an older one after this
    is committed. *number* is that of the choice that the operator saw.

    A request that is under way is followed to its end and paid. Raises ProviderNotSetUp,
    ProviderChangedMeanwhile and NothingChanged.
    """
    with locked_in_transaction(f"provider {name}"):  # the one that a request begins under
        before = next((one for one in chosen_providers() if one.name == name), None)
        if before is None:
            raise ProviderNotSetUp(name=name)
        if before.number != number:
            raise ProviderChangedMeanwhile(name=name)
        if limits_of(before) == limits:
            raise NothingChanged(name=name)
        choice = ProviderChoice.objects.create(
            id=new_id("pch", now=now),
            provider=name,
            number=number + 1,
            chosen_at=now,
            **asdict(limits),
        )
        audit.record(
            actor=actor,
            action="provider.changed"
            if before.is_on == limits.is_on
            else "provider.switched_on"
            if limits.is_on
            else "provider.switched_off",
            subject=f"provider:{name}",
            reason=f"{_written(limits_of(before))} → {_written(limits)}: {reason}",
            account_id="",
            now=now,
        )
    return choice


def _written(one: Limits) -> str:
    """The limits for the record, which has no language: figures with the page's order."""
    state = "on" if one.is_on else "off"
    budget = f"${one.budget_cents // 100}.{one.budget_cents % 100:02}"
    return f"{state}, place {one.place}, {one.concurrency} at once, {budget} a day"
