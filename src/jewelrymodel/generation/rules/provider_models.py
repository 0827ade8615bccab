"""The dated catalog of providers' image models, as ``provider_models.toml`` has it."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from jewelrymodel.kernel.errors import CodedError

SOON = timedelta(days=30)


class ModelUnknown(CodedError):
    """The operator chose a model that the catalog doesn't have for this provider."""


@dataclass(frozen=True)
class ProviderModel:
    """One model: `edge_px` is the longer edge that it is asked for, `price_micros` its list price
    for that in millionths of a US dollar, `ends_on` the first day without it. The rest says where
    and when that was read, and how good the source is.
    """

    provider: str
    id: str
    edge_px: int
    price_micros: int
    source: str
    grade: str
    read_on: date
    ends_on: date | None = None

    def has_ended(self, today: date) -> bool:
        """Whether it is no longer offered."""
        return self.ends_on is not None and today >= self.ends_on

    def ends_soon(self, today: date) -> bool:
        """Whether it is still offered, but not for a month more."""
        return not self.has_ended(today) and self.has_ended(today + SOON)


@cache
def models() -> tuple[ProviderModel, ...]:
    """Return every model of the catalog, in its order."""
    text = (Path(__file__).parents[1] / "provider_models.toml").read_text()
    return tuple(ProviderModel(**row) for row in tomllib.loads(text)["model"])


def chosen(provider: str, model_id: str, among: Iterable[ProviderModel]) -> ProviderModel:
    """Return a provider's model by its id, its first where none is named; raises ModelUnknown."""
    for model in among:
        if model.provider == provider and model_id in ("", model.id):
            return model
    raise ModelUnknown(provider=provider, model=model_id)
