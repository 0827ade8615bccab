"""What ``jewelrymodel doctor`` finds about the networks: who cuts out, who looks for people."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from jewelrymodel.config.finding import Finding
from jewelrymodel.studio.matting_choice import NotDescribed, active_weights, is_own_file
from jewelrymodel.studio.people_networks import FILES

_FETCHING = Path(__file__).parents[3] / "tools" / "fetch_models.py"


def fetching() -> str:
    """Return what to type, anywhere, to fetch what is missing or damaged of the networks' files.

    By this program's own Python and for its own folder, so it needs neither make nor what only
    tests need, and set-up doesn't hold it for done.
    """
    folder, *words = map(shlex.quote, (str(settings.MODELS_DIR), sys.executable, str(_FETCHING)))
    return " ".join((f"MODELS_DIR={folder}", *words))


def matting() -> Iterator[Finding]:
    """Yield which network cuts out, whether its file is whole, and what is known of its license."""
    choice = settings.MATTING_MODEL
    try:
        weights = active_weights(settings.MODELS_DIR, choice)
    except NotDescribed as problem:
        yield Finding("cutout model", False, str(problem))
        return
    mend = "compare its description's sha256" if is_own_file(choice) else f"run: {fetching()}"
    if weights is None:
        none = f"there is no {choice}" if is_own_file(choice) else f"none is installed; {mend}"
        yield Finding("cutout model", False, none)
        return
    intact = weights.is_intact(settings.MODELS_DIR)
    words = weights.name if intact else f"{weights.name} is damaged; {mend}"
    yield Finding("cutout model", intact, words)
    yield Finding("its license", None, weights.license_note)
    if not weights.is_cleared:
        yield _acknowledged(weights.name)


def _acknowledged(model: str) -> Finding:
    """Whether the operator took the risk of weights that nobody has cleared, by their name."""
    if model == settings.MATTING_LICENSE_ACKNOWLEDGED:
        return Finding("its use", None, f"acknowledged by MATTING_LICENSE_ACKNOWLEDGED={model}")
    words = f"to take live payments, set MATTING_LICENSE_ACKNOWLEDGED={model} or another model"
    return Finding("its use", None, words)


def people() -> Iterator[Finding]:
    """Yield whether somebody in a generated scene would be seen: else none is offered for money."""
    lacking = [one.file_name for one in FILES if not one.is_intact(settings.MODELS_DIR)]
    if not lacking:
        yield Finding("people in scenes", True, ", ".join(one.name for one in FILES))
        return
    needed = bool(settings.PROVIDERS) and not settings.DEMO
    lost = " (until then no scenes by image models are offered)" if needed else ""
    words = f"{', '.join(lacking)}: missing or damaged{lost}; run: {fetching()}"
    yield Finding("people in scenes", False if needed else None, words)
