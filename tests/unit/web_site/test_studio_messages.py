"""Whatever the studio can report has a sentence, and a sentence asks for what is supplied."""

import re

import pytest
from django.utils.translation import override

from jewelrymodel.generation.models import Photo, Task, TaskItem
from jewelrymodel.generation.rules.generated_looks import GENERATED_LOOKS
from jewelrymodel.generation.rules.plain_backgrounds import PLAIN_LOOKS
from jewelrymodel.generation.statuses import PhotoFailure, Reason, WorkStep
from jewelrymodel.studio.looks import MODELS, PACKSHOTS, SCENES, LookKind
from jewelrymodel.studio.messages import (
    Alteration,
    Code,
    CutoutNote,
    Message,
    PhotoNote,
    PhotoProblem,
    PieceProblem,
    StudioRefusal,
    ViewProblem,
    message,
)
from jewelrymodel.studio.photo import PhotoRefused
from jewelrymodel.studio.steps import Step
from jewelrymodel.web.studio_messages import display
from jewelrymodel.web.studio_messages.look_titles import LOOK_TITLES
from jewelrymodel.web.studio_messages.step_labels import STEP_LABELS, step_label

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
CODES = [code for kind in Code.__subclasses__() for code in kind]
MOST_LETTERS = 150  # of a reason that stands in a tile on a phone
LANGUAGES = ("en", "de", "es", "fr", "pt")


@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{type(code).__name__}.{code.name}")
def test_every_code_has_a_sentence_that_asks_for_its_parameters(code: Code) -> None:
    assert set(PLACEHOLDER.findall(str(display.SENTENCES[type(code)][code]))) == code.parameters


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_written(language: str) -> None:
    with override(language):
        for code in CODES:
            written = display.sentence(code, dict.fromkeys(code.parameters, 2.5))
            assert "%(" not in written
            assert "%%" not in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_of_a_look_gives_its_reason_first_and_briefly(language: str) -> None:
    with override(language):
        for code in ViewProblem:
            written = display.sentence(code, dict.fromkeys(code.parameters, 2.5))
            reason, advice = display.reason_and_advice(written)
            assert f"{reason} {advice}" == written
            assert 15 < len(reason) < MOST_LETTERS
            assert advice[0].isupper()


def test_no_sentence_is_left_over() -> None:
    tables = {id(table): table for table in display.SENTENCES.values()}.values()
    assert sum(map(len, tables)) == len(CODES)


def test_every_step_and_every_look_has_a_name() -> None:
    assert STEP_LABELS.keys() == {*Step, *WorkStep}
    shipped = (look.id for look in (*PACKSHOTS, *MODELS, *SCENES))
    assert LOOK_TITLES.keys() == {*PLAIN_LOOKS, *GENERATED_LOOKS, *shipped}


def test_a_message_takes_its_parameters_and_no_others() -> None:
    assert message(PhotoNote.REDUCED, width_px=1, height_px=2).stored == {
        "code": "reduced",
        "parameters": {"width_px": 1, "height_px": 2},
    }
    with pytest.raises(ValueError, match="height_px"):
        message(PhotoNote.REDUCED, width_px=1)
    with pytest.raises(ValueError, match="surface"):
        Message(Alteration.SURFACE, {"width_px": 1})


def test_numbers_are_written_in_the_readers_language() -> None:
    refusal = PhotoRefused(PhotoProblem.TOO_SMALL, width_px=1200, height_px=80.5, least_px=250)
    assert "1,200 × 80.5 pixels" in display.refusal_sentence(refusal)
    with override("de"):
        assert "1.200 × 80,5 Pixel" in display.refusal_sentence(refusal)


def test_a_photo_and_an_image_tell_the_same_code_apart() -> None:
    detail = {"code": "cut_off", "parameters": {}}
    photo = Photo(reason_code=PieceProblem.CUT_OFF, reason_detail=detail)
    item = TaskItem(reason_code=Reason.VIEW_REFUSED, reason_detail=detail)
    assert display.reason_text(photo) == display.sentence(PieceProblem.CUT_OFF, {})
    assert display.reason_text(item) == display.sentence(ViewProblem.CUT_OFF, {})


def test_what_is_no_code_is_shown_as_it_is() -> None:
    assert display.note_text("A note of long ago.") == "A note of long ago."
    assert display.note_text({"code": "gone", "parameters": {}}) == "gone"
    assert display.alteration_text({"code": "band_hidden", "parameters": {}}).endswith(
        "(–% of the ring)."
    )
    assert step_label("Polishing") == "Polishing"
    assert display.reason_text(Task(reason_code="blank", former_reason="Blank.")) == "Blank."
    assert display.reason_text(Photo(reason_code="no_matting")) == PhotoFailure.NO_MATTING.label


def test_a_refusal_keeps_the_shape_of_our_exceptions() -> None:
    refusal: StudioRefusal = PhotoRefused(PhotoProblem.EMPTY)
    assert (refusal.code, str(refusal)) == ("empty", "empty")
    assert set(PhotoRefused.codes) == set(PhotoProblem)


def test_a_file_describes_itself_in_english() -> None:
    stored = [message(CutoutNote.SMALL_MODEL).stored, message(Alteration.SURFACE).stored]
    with override("de"):
        scene = display.described(stored[1:], LookKind.SCENE)
        worn = display.described([], LookKind.MODEL)
        alone = display.described([], LookKind.PACKSHOT)
    assert scene[-1] == "Added: the surface with its light and shadows."
    assert "virtual" in worn[-1]
    assert "Composite" in scene[0]
    assert len(alone) == 1
    assert "photograph" in alone[0]
    assert "omposite" not in alone[0]
