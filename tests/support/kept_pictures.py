"""What the studio says of the same picture again, remembered for a run.

The rooms' tests make images of one drawn piece in a handful of looks, again and again; what they
ask is who pays, who waits and what is shown. So what is a function of its arguments alone, and
takes tens of milliseconds, is computed once for the same arguments. How pictures are made and
checked is asked in the studio's own tests, where nothing is remembered.
"""

import copy
import functools
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

_PURE = (
    "jewelrymodel.generation.adapters.hosted.layer",
    "jewelrymodel.generation.adapters.hosted.measured",
    "jewelrymodel.generation.adapters.image_files.encoded",
)


@pytest.fixture(scope="session", autouse=True)
def kept_pictures() -> Iterator[None]:
    """Remember placed pieces, verdicts and files by what they were made of."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _PURE:
            patch.setattr(name, remembered(_of_name(name)))
        yield


def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which keeps its answers; each caller gets a copy of its own."""
    answers: dict[Any, Any] = {}

    @functools.wraps(function)
    def answered(*arguments: Any, **named: Any) -> Any:
        key = tuple(map(_content, (*arguments, *sorted(named), *(named[n] for n in sorted(named)))))
        if key not in answers:
            answers[key] = function(*arguments, **named)
        return copy.deepcopy(answers[key])

    return answered


def _content(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, hashlib.sha256(value.tobytes()).digest()
    if isinstance(value, Image.Image):
        return value.mode, value.size, hashlib.sha256(value.tobytes()).digest()
    return tuple(value.chunks) if isinstance(value, PngInfo) else value


def _of_name(name: str) -> Callable[..., Any]:
    module, _, attribute = name.rpartition(".")
    found: Callable[..., Any] = getattr(__import__(module, fromlist=[attribute]), attribute)
    return found
