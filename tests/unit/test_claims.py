"""What our pages say about images is no more than what is measured."""

import re
from pathlib import Path

import pytest

from jewelrymodel.config.commands import render
from jewelrymodel.studio import fidelity

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "jewelrymodel"
HOME = SOURCE / "web" / "templates" / "site" / "home.html"
UNPROVEN = re.compile(
    r"true to the (photo|piece)|match(es)? (the|your) cut-?out|never redrawn|every (stone|prong)"
    r"|all of it is there|pixel for pixel|point by point|exactly as|identical to|100 ?% ",
    re.IGNORECASE,
)


def pages() -> list[Path]:
    """All that customers read: pages, mails, documents, and the two texts for newcomers."""
    files = [path for suffix in ("html", "txt", "typ") for path in SOURCE.rglob(f"*.{suffix}")]
    return [*files, Path(render.__file__), ROOT / "README.md", ROOT / "docs" / "glossary.md"]


def test_no_page_claims_what_no_test_proves() -> None:
    claims = {
        str(path.relative_to(ROOT)): found.group()
        for path in pages()
        if (found := UNPROVEN.search(path.read_text("utf-8")))
    }
    assert claims == {}


@pytest.mark.parametrize(
    "figure",
    [
        f"≥ {fidelity.MIN_GRADIENT_CORRELATION:g} ",
        f"≥ {fidelity.MIN_LOCAL_SSIM_WORST5:g} ",
        f'"Color" %}} </dt> <dd class="number"> ≤ {fidelity.MAX_DELTA_E:g} ΔE',
        f'stones" %}} </dt> <dd class="number"> ≤ {fidelity.MAX_MATERIAL_TINT:g} ΔE',
        f"≤ {100 * fidelity.MAX_MISSING:g}%",
        "{:g}–{:g} ×".format(*fidelity.DETAIL_RATIO),
    ],
)
def test_the_home_page_names_the_very_limits_of_the_check(figure: str) -> None:
    assert figure in " ".join(HOME.read_text("utf-8").replace("</dt>", " </dt>").split())
