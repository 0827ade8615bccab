"""The English sentences of an installation in use become codes; unknown ones stay readable."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from jewelrymodel.generation.models import Asset, Photo, Task
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.web.studio_messages.display import reason_text
from tests.support import generation as world
from tests.support.former_schema import migrate_back

_BEFORE = "0007_typographic_apostrophes"
NOTES = ["Made smaller from 4096 × 1024 pixels for the work.", "A note that nobody knows."]
STEPS = ["Looking for the piece", "Cutting out the piece", "Polishing"]
CHANGES = [
    "The person: a computer-made person with light skin; the finger is taken as wide as the ring's"
    " opening.",
    "The far side of the band (12 % of the ring) is hidden behind the finger.",
    "The ring's tilt: its height is drawn 7 % shorter than in your photo.",
    "The piece runs out of the picture where your photo cut it; what lies beyond (1.5 × 20.0 mm)"
    " isn't shown.",
    "backdrop",
]
UNKNOWN = "This view is of long ago."


@pytest.mark.usefixtures("committing_db")
def test_sentences_become_codes_and_an_unknown_one_is_shown_as_it_was_stored() -> None:
    photo = world.approve(world.approved_photo(world.seller()))
    done = world.order(photo, generator=GeneratorName.EMBEDDED)
    world.work(done, world.Hands())
    strange = world.order(photo, key="another", generator=GeneratorName.EMBEDDED)
    migrate_back("generation", _BEFORE)
    store(
        "UPDATE generation_photo SET notes = %s, steps = %s, reason_code = 'piece_too_small',"
        " reason = 'The piece is only 90 pixels large; 250 are needed. Go nearer.'",
        json.dumps(NOTES),
        json.dumps(STEPS),
    )
    store("UPDATE generation_task SET reason_code = 'blank', reason = 'It was blank.'")
    store(
        "UPDATE generation_task_item SET reason_code = 'view_refused',"
        " reason = 'The chain wouldn’t reach the piece in this look. Choose a scene.'"
    )
    store("UPDATE generation_asset SET invented = %s", json.dumps(CHANGES))
    store(
        "UPDATE generation_task_item SET reason_code = 'view_refused', reason = %s"
        " WHERE task_id = %s",
        UNKNOWN,
        strange.pk,
    )
    call_command("migrate", verbosity=0)

    assert reason_text(strange.items.get()) == UNKNOWN
    row = Photo.objects.get()
    size = {"width_px": 4096, "height_px": 1024}
    assert row.notes == [{"code": "reduced", "parameters": size}, NOTES[1]]
    assert row.steps == ["finding_piece", "cutting_out", "Polishing"]
    assert row.reason_detail["parameters"] == {"size_px": 90, "least_px": 250}
    task = Task.objects.get(pk=done.pk)
    assert (task.former_reason, task.reason_detail) == ("", {})
    assert done.items.get().reason_detail["code"] == "chain_out_of_reach"
    assert [one["code"] for one in Asset.objects.get().alterations] == [
        "model_light",
        "finger_fitted",
        "band_hidden",
        "tilt_shorter",
        "runs_out_beyond",
        "background",
    ]


def store(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
