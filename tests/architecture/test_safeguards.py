"""docs/safeguards.md says the numbers that the code has."""

import re
from pathlib import Path

from allauth.account import app_settings

from jewelrymodel.generation.limits import MAX_IMAGES
from jewelrymodel.generation.rules import scene_words
from jewelrymodel.studio import photo
from jewelrymodel.support.adapters import pictures
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.library.downloads import BATCH
from jewelrymodel.web.customer.requests import forms

PAGE = (Path(__file__).resolve().parents[2] / "docs/safeguards.md").read_text("utf-8")


def test_how_often_an_account_may() -> None:
    rows = re.findall(r"^\| `([a-z_-]+)` \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
    limits = [one for one in vars(rate_limits).values() if isinstance(one, rate_limits.RateLimit)]
    assert {(name, int(uses), int(window_s)) for name, uses, window_s in rows} == {
        (one.name, one.uses, one.window_s) for one in limits
    }


def test_how_often_somebody_may_try_to_sign_in() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d[^|]*?) \|$", PAGE, re.MULTILINE)
    said = {name: rule for name, rule in rows if "/" in rule}
    assert len(said) == 8
    assert said == {name: app_settings.RATE_LIMITS[name] for name in said}


def test_how_large() -> None:
    megapixels, side = photo.MAX_PIXELS // 1_000_000, f"{photo.MAX_EDGE:,}"
    assert f"{photo.MAX_BYTES // 1_000_000} MB, {megapixels} megapixels, {side} pixels" in PAGE
    assert f"{pictures.MAX_BYTES // 1_000_000} MB, five a message" in PAGE
    assert pictures.MAX_PICTURES == 5
    assert f"{forms.LONGEST:,} and {scene_words.LONGEST} characters" in PAGE
    assert f"archives take {BATCH} images, a generation {MAX_IMAGES}" in PAGE
