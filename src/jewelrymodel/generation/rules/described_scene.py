"""A scene as its seller describes it: a few words, presets of a dated catalog, and variants."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jewelrymodel.generation.rules.scene_words import LONGEST, cleaned, folded, refused_word
from jewelrymodel.kernel.errors import CodedError

DESCRIBED = "generated-described"
"""The look that is the seller's own words."""
PRESETS = ("season", "mood", "light", "framing")
MAX_VARIANTS = 4
USUAL_FRAMING = "usual"


class WordsMissing(CodedError):
    """A scene in one's own words was chosen, and no words are there."""


class WordsTooLong(CodedError):
    """More characters than a scene's words may have."""


class WordsRefused(CodedError):
    """The words name what no image model is asked for; nothing was sent."""


class SceneUnknown(CodedError):
    """A preset or a number of variants that there is not."""


@dataclass(frozen=True)
class DescribedScene:
    """Words as ``cleaned`` leaves them, presets by their ids, "" where none is chosen."""

    words: str = ""
    season: str = ""
    mood: str = ""
    light: str = ""
    framing: str = USUAL_FRAMING
    variants: int = 1

    @property
    def stored(self) -> dict[str, Any]:
        """The scene as JSON keeps it, with the edition of the catalog."""
        presets = {name: getattr(self, name) for name in PRESETS}
        edition = str(_catalog()["edition"])
        return {"words": self.words, **presets, "variants": self.variants, "edition": edition}

    @property
    def share(self) -> float:
        """How much of the picture's shorter edge the piece's longer side takes."""
        return float(_catalog()["framing"].get(self.framing, _catalog()["framing"][USUAL_FRAMING]))


def presets(name: str) -> tuple[str, ...]:
    """Return the ids of one kind of preset (PRESETS), in the catalog's order."""
    return tuple(_catalog()[name])


def scene_of(said: Mapping[str, Any]) -> DescribedScene:
    """Return the scene that was *said* or stored, unchecked: what can't be read is as usual."""
    variants = str(said.get("variants") or 1)
    return DescribedScene(
        words=cleaned(str(said.get("words") or "")),
        **{name: str(said.get(name) or "") for name in PRESETS if name != "framing"},
        framing=str(said.get("framing") or USUAL_FRAMING),
        variants=int(variants) if re.fullmatch("[0-9]{1,3}", variants) else 0,
    )


def scene_in(options: Mapping[str, Any]) -> DescribedScene | None:
    """Return the scene that a task's *options* hold; None where nobody described one."""
    return scene_of(options["scene"]) if "scene" in options else None


def checked(scene: DescribedScene) -> DescribedScene:
    """Return *scene*. Raises WordsMissing, WordsTooLong, WordsRefused and SceneUnknown."""
    if not scene.words:
        raise WordsMissing
    if len(scene.words) > LONGEST:
        raise WordsTooLong(at_most=LONGEST)
    if found := refused_word(scene.words):
        raise WordsRefused(category=found.category.value, word=found.word)
    chosen = {name: getattr(scene, name) for name in PRESETS if getattr(scene, name)}
    if any(one not in presets(name) for name, one in chosen.items()):
        raise SceneUnknown
    if not 1 <= scene.variants <= MAX_VARIANTS:
        raise SceneUnknown
    return scene


def surroundings(scene: DescribedScene) -> str:
    """Return the scene as an image model is told: the seller's words, then the presets'."""
    said = [scene.words]
    said += [_catalog()[name].get(getattr(scene, name), "") for name in ("season", "mood")]
    return ". ".join(one.rstrip(". ") for one in said if one)


def light(scene: DescribedScene) -> str:
    """Return the light as an image model is told: always from where our shadow has it."""
    lights: dict[str, str] = _catalog()["light"]
    return lights.get(scene.light, lights["daylight"])


def comparable_look(scene: DescribedScene) -> str:
    """Return the scene of our own renderer that shows most of what the words name; "" for none."""
    words = folded(scene.words).split()
    places = {
        look: min((n for n, word in enumerate(words) if word in names), default=None)
        for look, names in _catalog()["same_as"].items()
    }
    found = {place: look for look, place in places.items() if place is not None}
    return found[min(found)] if found else ""


@cache
def _catalog() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parents[1] / "scene_presets.toml").read_text())
