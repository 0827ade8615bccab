"""Confirmed damage is written out with its seller's consent, and goes when the consent ends."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.config.commands import damage_examples
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.support import operations
from jewelrymodel.support.models import Case, DamageReport
from tests.support import generation as world
from tests.support.damage import claim, image, report
from tests.support.generation import NOW
from tests.support.shop import register_terms


@pytest.fixture
def job(photo: Photo, generator: str, hands: world.Hands) -> Task:
    register_terms()
    return world.work(world.order(photo, images=2), hands)


def confirmed(job: Task, position: int, *, consents: bool) -> Case:
    case = report(job, claim(job, position), consents=consents)
    damaged = {image(job, position).pk: True}
    operations.review_damage(case_id=case.pk, damaged=damaged, reason="", user_id=7, now=NOW)
    return case


def exported(folder: Path) -> list[str]:
    assert damage_examples.run(str(folder)) == 0
    return sorted(one.name for one in folder.iterdir())


def test_only_what_is_consented_to_is_written_and_nothing_says_whose_it_is(
    job: Task, tmp_path: Path
) -> None:
    folder = tmp_path / "examples"
    case = confirmed(job, 0, consents=False)
    assert exported(folder) == []
    consent = {"account_id": job.account_id, "case_id": case.pk, "user_id": 4, "now": NOW}
    operations.set_example_consent(**consent, consents=True)
    name = f"example-{DamageReport.objects.get().pk}"
    assert exported(folder) == [name]
    place = folder / name
    assert sorted(one.name for one in place.iterdir()) == ["cutout.png", "image.png", "mark.json"]
    mark = json.loads((place / "mark.json").read_text())
    assert mark == {"kind": "lost_part", "mark_in_thousandths": [400, 600]}
    with Image.open(place / "image.png") as picture:
        assert picture.info == {}, "no label, no date"
        assert np.array_equal(np.asarray(picture), image_files.load(image(job, 0).image_key))
    with Image.open(place / "cutout.png") as picture:
        assert (picture.mode, picture.info) == ("RGBA", {})
    assert AuditEntry.objects.filter(action="damage.examples_exported").count() == 2
    operations.set_example_consent(**consent, consents=False)
    assert exported(folder) == [], "what is withdrawn goes with the next run"


def test_an_open_claim_is_no_example_and_a_mark_is_no_must(job: Task, tmp_path: Path) -> None:
    report(job, claim(job, 0), consents=True)
    assert exported(tmp_path / "examples") == []
    case = report(job, claim(job, 1, mark=None), consents=True)
    damaged = {image(job, 1).pk: True}
    operations.review_damage(case_id=case.pk, damaged=damaged, reason="", user_id=7, now=NOW)
    (name,) = exported(tmp_path / "examples")
    text = (tmp_path / "examples" / name / "mark.json").read_text()
    assert json.loads(text)["mark_in_thousandths"] is None


def test_nothing_is_removed_that_it_has_not_written(job: Task, tmp_path: Path) -> None:
    foreign = tmp_path / "example-of-mine"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("years of work")
    with pytest.raises(damage_examples.FolderUnusable):
        damage_examples.run(str(tmp_path))
    assert (foreign / "thesis.txt").exists()
    with pytest.raises(damage_examples.FolderUnusable):
        damage_examples.run(str(foreign / "thesis.txt"))
