"""Which weights serve: one of those that set-up fetches, or a file of the operator's own.

A file of one's own is any ONNX network that takes one RGB picture (1x3xNxN) and whose first output
is its matte (1x1xNxN). What can't be read off it stands beside it, in a JSON file of the same name.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from jewelrymodel.studio.matting_weights import (
    ISNET,
    ISNET_HALF,
    U2NETP,
    Channels,
    Output,
    Weights,
)

AUTO = "auto"
_ISNETS = (ISNET, ISNET_HALF)  # an installation from before has only the latter
KNOWN = {ISNET.name: _ISNETS, U2NETP.name: (U2NETP,), AUTO: (*_ISNETS, U2NETP)}
MIN_EDGE_PX, MAX_EDGE_PX = 64, 2048
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,19}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class NotDescribed(Exception):
    """The description beside a network is missing or can't be used; says which line to mend."""


def is_choice(text: str) -> bool:
    """Whether MATTING_MODEL may say this: a known name, or the whole path of an ONNX file."""
    return text in KNOWN or is_own_file(text)


def is_own_file(choice: str) -> bool:
    """Whether a choice is a file of the operator's own."""
    return choice.endswith(".onnx") and Path(choice).is_absolute()


def active_weights(models_dir: Path, choice: str = AUTO) -> Weights | None:
    """The weights that would serve for this choice: of the known ones the first that is installed
    (ISNet before the small model), else None. Raises NotDescribed for a file of the operator's own.
    """
    wanted = KNOWN.get(choice)
    if wanted is None:
        own = described_weights(Path(choice))
        return own if own.path(models_dir).is_file() else None
    return next((w for w in wanted if w.path(models_dir).is_file()), None)


def described_weights(network: Path) -> Weights:
    """What the JSON file beside *network* says of it. Raises NotDescribed."""
    beside = network.with_suffix(".json")
    try:
        said = json.loads(beside.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NotDescribed(f"{beside} can't be read: {error}") from None
    if not isinstance(said, dict):
        raise NotDescribed(f"{beside} has to be one JSON object")
    try:
        return Weights(
            name=_named(said),
            file_name=str(network),
            sha256=_matching(said, "sha256", _SHA256, "the file's SHA-256, 64 digits"),
            input_edge_px=_edge_px(said),
            mean=_channels(said, "mean", least=0),
            std=_channels(said, "std", least=1e-3),
            output=_output(said),
            license_note=_license(said),
            is_cleared=_flag(said, "commercial_use"),
        )
    except NotDescribed as problem:
        raise NotDescribed(f"{beside}: {problem}") from None


def _named(said: Mapping[str, Any]) -> str:
    name = _matching(said, "name", _NAME, "1 to 20 small letters, digits, dots or dashes")
    if name in KNOWN:
        raise NotDescribed(f"name is {name!r}, which is another model's; choose one of your own")
    return name


def _matching(said: Mapping[str, Any], field: str, pattern: re.Pattern[str], lack: str) -> str:
    value = said.get(field)
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise NotDescribed(f"{field} is {value!r}; set it to {lack}")


def _edge_px(said: Mapping[str, Any]) -> int:
    value = said.get("input_edge_px")
    if type(value) is int and MIN_EDGE_PX <= value <= MAX_EDGE_PX and value % 32 == 0:
        return value
    raise NotDescribed(
        f"input_edge_px is {value!r}; set it to a multiple of 32, {MIN_EDGE_PX} to {MAX_EDGE_PX}"
    )


def _channels(said: Mapping[str, Any], field: str, *, least: float) -> Channels:
    value = said.get(field)
    if isinstance(value, list) and len(value) == 3 and all(_is_level(one, least) for one in value):
        return (float(value[0]), float(value[1]), float(value[2]))
    raise NotDescribed(f"{field} is {value!r}; set it to three numbers for pixels of 0 to 255")


def _is_level(value: object, least: float) -> bool:
    return type(value) in (int, float) and least <= float(str(value)) <= 1000


def _output(said: Mapping[str, Any]) -> Output:
    value = said.get("output")
    for known in get_args(Output):
        if value == known:
            return known  # type: ignore[no-any-return]  # get_args forgets the literal
    raise NotDescribed(f"output is {value!r}; set it to one of {', '.join(get_args(Output))}")


def _license(said: Mapping[str, Any]) -> str:
    value = said.get("license")
    if isinstance(value, str) and 0 < len(value.strip()) <= 500:
        return value.strip()
    raise NotDescribed("license is missing; say under which terms the weights may be used")


def _flag(said: Mapping[str, Any], field: str) -> bool:
    value = said.get(field)
    if isinstance(value, bool):
        return value
    raise NotDescribed(f"{field} is {value!r}; set it to true or false")
