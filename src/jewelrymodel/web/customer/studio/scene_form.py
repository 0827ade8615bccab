"""The part of the page of the looks in which a scene is described: what it says and shows."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from jewelrymodel.generation.operations.saved_scenes import LONGEST_NAME
from jewelrymodel.generation.queries.saved_scenes import saved_scenes
from jewelrymodel.generation.rules.described_scene import (
    DESCRIBED,
    MAX_VARIANTS,
    PRESETS,
    DescribedScene,
    comparable_look,
    presets,
    scene_of,
)
from jewelrymodel.generation.rules.scene_words import LONGEST
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.web.customer.studio.sealed_words import sealed, unsealed
from jewelrymodel.web.studio_messages.scene_labels import EXAMPLES, PRESET_LABELS, PRESET_TITLES

_BEFORE, _SEALED = "scene_", "scene_sealed"
FIELDS = ("words", *PRESETS, "variants")
NO_DRAFT = "none"


def scene_sent(sent: QueryDict) -> tuple[tuple[str, str], ...]:
    """Return what a form or an address says of a described scene, as pairs for ``scene_of``; the
    words of an address are sealed.
    """
    said = {name: sent.get(_BEFORE + name, "") for name in FIELDS}
    said["words"] = said["words"] or unsealed(sent.get(_SEALED, ""))
    return tuple((name, value) for name, value in said.items() if value)


def scene_fields(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Return the parameters of the address at which this scene is described again."""
    said = {name: str(value) for name, value in pairs if name in FIELDS and value}
    words = said.pop("words", "")
    shown = {_BEFORE + name: value for name, value in said.items()}
    return {**shown, _SEALED: sealed(words)} if words else shown


def scene_query(stored: dict[str, Any]) -> str:
    """Return the query with which the page of the looks shows a scene that was kept."""
    look = {"look": DESCRIBED, "generator": GeneratorName.HOSTED.value}
    return urlencode({**look, **scene_fields(stored.items())})


def variants_of(pairs: Iterable[tuple[str, str]]) -> int:
    """Return how many images a described scene is to have in each format, as far as it is said."""
    return min(max(scene_of(dict(pairs)).variants, 1), MAX_VARIANTS)


def scene_context(
    account_id: str, pairs: Iterable[tuple[str, str]], *, draft: str
) -> dict[str, Any]:
    """Return what the form shows. *draft* is the look that serves as one, or NO_DRAFT."""
    scene = scene_of(dict(pairs))
    return {
        "described": DESCRIBED,
        "scene": scene,
        "presets": [_preset(name, scene) for name in PRESETS],
        "variants": range(1, MAX_VARIANTS + 1),
        "longest_words": LONGEST,
        "longest_name": LONGEST_NAME,
        "examples": EXAMPLES,
        "saved": [
            (one.name, scene_query(one.scene)) for one in saved_scenes(account_id=account_id)
        ],
        "draft": draft if draft and draft == comparable_look(scene) else "",
        "has_no_draft": draft == NO_DRAFT,
    }


def _preset(name: str, scene: DescribedScene) -> tuple[str, Any, list[tuple[str, Any, bool]]]:
    """One choice: its name, its title, and its options, each with whether it is chosen."""
    chosen = getattr(scene, name)
    options = [(one, PRESET_LABELS[one], one == chosen) for one in presets(name)]
    return name, PRESET_TITLES[name], options
