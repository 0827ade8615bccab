"""What a provider of image models is to us: one picture ordered, and how that can end.

Every adapter speaks one provider's dialect and says everything in these words. None of them tries
anything twice: who is asked again, and when, is decided in one place (``providers``).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.generation.rules.provider_models import ProviderModel
from jewelrymodel.generation.statuses import AttemptState, Reason
from jewelrymodel.kernel.errors import CodedError

_DETAIL_CHARS = 300


class NoPicture(CodedError):
    """A request ended without a picture; the code is the final ``AttemptState``.

    *detail* is what an operator reads, *retry_after* the provider's own header. *reason* is given
    where the customer's differs from the state's usual one, *cost_micros* where the provider said
    what it took, *had_worked* where it may charge for it though it usually doesn't.
    """

    codes = AttemptState.values

    def __init__(
        self,
        state: AttemptState,
        *,
        detail: str = "",
        retry_after: str = "",
        reason: Reason | None = None,
        cost_micros: int | None = None,
        had_worked: bool = False,
    ) -> None:
        super().__init__(state.value, detail=detail[:_DETAIL_CHARS])
        self.state, self.detail = state, detail[:_DETAIL_CHARS]
        self.retry_after, self.reason, self.cost_micros = retry_after, reason, cost_micros
        self.had_worked = had_worked


@dataclass(frozen=True)
class SceneOrder:
    """One picture to make round a piece that stays where it is.

    `canvas` (HxWx3, sRGB, edges multiples of 16) shows the piece at its place; `paint` (HxW) is 255
    where the scene is to be made and 0 where the piece is kept. `attempt_id` is ours; `customer` a
    digest that names nobody. `webhook_url` is where the provider may tell that it is done.
    """

    attempt_id: str
    canvas: NDArray[np.uint8]
    paint: NDArray[np.uint8]
    prompt: str
    seed: int
    model: ProviderModel
    customer: str = ""
    webhook_url: str = ""


@dataclass(frozen=True)
class Running:
    """A job that the provider accepted; `remote_id` is all that its adapter needs to look at it."""

    remote_id: str
    request_id: str = ""


@dataclass(frozen=True)
class Picture:
    """The file that came, unchanged; what it cost, None where the provider doesn't say it."""

    data: bytes
    request_id: str = ""
    snapshot: str = ""
    cost_micros: int | None = None


@dataclass(frozen=True)
class ProviderAccess:
    """How a provider is reached: `hosts` are those that its results may lie on, beside subdomains
    of them. The budget is for a day, in millionths of a US dollar.
    """

    name: str
    base: str
    key: str
    model: str
    concurrency: int
    budget_micros: int
    is_on: bool = True  # whether new requests may be sent
    hosts: tuple[str, ...] = ()
    keys_url: str = ""  # where the keys of its webhooks' signatures are published
    workflow: str = ""  # a file of the operator's own, at a ComfyUI server


class Provider(Protocol):
    """One provider's dialect. Every method may raise NoPicture."""

    name: str

    def submit(self, order: SceneOrder) -> Running | Picture:
        """Send the order, once; return the job, or the picture where it is made while we wait."""
        ...

    def look(self, remote_id: str) -> Picture | None:
        """Return the picture of a job, None while it is under way."""
        ...

    def recover(self, order: SceneOrder) -> Running | None:
        """Return the job of an order whose answer was lost, where the provider can be asked for it.

        The order's pictures may be empty: only its id counts.
        """
        ...

    def cancel(self, remote_id: str) -> None:
        """Ask to stop a job; quiet when it is too late for that."""
        ...
