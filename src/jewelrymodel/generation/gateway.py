"""What a generator is to us: a request in, a handle out, images when they are ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.composition import Composition
from jewelrymodel.studio.declared_parts import DeclaredPart
from jewelrymodel.studio.messages import Message
from jewelrymodel.studio.model_templates import Template

OnStep = Callable[[str], None]


class GeneratorUnavailable(CodedError):
    """The generator can't be reached or gave no usable answer. That is no verdict: ask again."""


class GeneratorRefused(CodedError):
    """The generator did not accept this request; the code is the ``Reason`` of its images."""


class HandleUnknown(CodedError):
    """The generator knows no job under this handle (any more)."""


class OutputBroken(CodedError):
    """What the generator delivered can't be read as a picture."""


@dataclass(frozen=True)
class GeneratorRequest:
    """The approved cutout and, by position, the pictures to make of it.

    ``key`` names the attempt: a generator that has seen it answers with the same handle.
    ``task_id`` is ours.
    """

    key: str
    cutout: NDArray[np.uint8]  # HxWx4, straight alpha
    kind: str
    size_mm: float
    edge_px: int
    compositions: Mapping[int, Composition]
    options: Mapping[str, Any] = field(default_factory=dict)
    photo: NDArray[np.uint8] | None = None  # HxWx3, where it has more pixels and they are wanted
    task_id: str = ""
    own_models: Mapping[str, Template] = field(default_factory=dict)  # by look, who agrees now


@dataclass(frozen=True)
class Refusal:
    """Why one image will not come: a ``Reason`` and, where our studio said no, its message."""

    code: str
    detail: Message | None = None


@dataclass(frozen=True)
class GeneratorStatus:
    """A job's state: which images are ready, which will not come, and whether that is all."""

    over: bool
    ready: tuple[int, ...] = ()
    refused: Mapping[int, Refusal] = field(default_factory=dict)
    reason: Refusal | None = None  # why a job that is over left images out


@dataclass(frozen=True)
class Measured:
    """How far an output kept the approved cutout: the figures, and whether they pass the gate."""

    figures: Mapping[str, float]
    passed: bool


@dataclass(frozen=True)
class Output:
    """One image (HxWx3, sRGB; HxWx4 where it is transparent) with how faithful it is, which parts
    of the piece it hides, leaves out or lays anew, and how it was made.
    """

    image: NDArray[np.uint8]
    fidelity: Measured
    alterations: tuple[Message, ...]
    settings: Mapping[str, Any]
    declared_parts: tuple[DeclaredPart, ...] = ()
    cost_micros: int = 0  # what the generator charged us, in millionths of a US dollar


class Generator(Protocol):
    """Makes images. Every method may raise GeneratorUnavailable.

    ``outlives_us``: its jobs go on without this process, so a handle is worth keeping and a slow
    job can be left alone. ``pause_s``: how long to wait between two polls.
    """

    name: str
    outlives_us: bool
    pause_s: float

    def submit(self, request: GeneratorRequest) -> str:
        """Return a handle that outlives this process where the generator does.

        Raises GeneratorRefused.
        """
        ...

    def poll(self, handle: str, request: GeneratorRequest, on_step: OnStep) -> GeneratorStatus:
        """Return the job's state, after naming the step it is at; raises HandleUnknown."""
        ...

    def fetch(self, handle: str, request: GeneratorRequest, position: int) -> Output:
        """Return the image at *position*, measured; raises OutputBroken or HandleUnknown."""
        ...

    def cancel(self, handle: str) -> None:
        """Ask the generator to stop; quiet when it is too late for that."""
        ...
