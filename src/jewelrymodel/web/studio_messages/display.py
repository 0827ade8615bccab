"""From what the studio raises, and what is stored of it, to a sentence in the reader's language."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Asset, Photo, Task, TaskItem
from jewelrymodel.generation.statuses import PhotoFailure, Reason
from jewelrymodel.infra import formats
from jewelrymodel.studio.looks import LookKind
from jewelrymodel.studio.messages import (
    Alteration,
    Code,
    CorrectionProblem,
    CutoutNote,
    MattingProblem,
    NeutralProblem,
    PhotoNote,
    PhotoProblem,
    PieceProblem,
    StudioRefusal,
    ViewProblem,
)
from jewelrymodel.web.studio_messages.alteration_sentences import ALTERATIONS
from jewelrymodel.web.studio_messages.note_sentences import NOTES
from jewelrymodel.web.studio_messages.refusal_sentences import (
    CORRECTION_PROBLEMS,
    MATTING_PROBLEMS,
    NEUTRAL_PROBLEMS,
    PHOTO_PROBLEMS,
    PIECE_PROBLEMS,
    VIEW_PROBLEMS,
)

SENTENCES: dict[type[Code], Mapping[Code, Promise | str]] = {
    PhotoProblem: PHOTO_PROBLEMS,
    PieceProblem: PIECE_PROBLEMS,
    CorrectionProblem: CORRECTION_PROBLEMS,
    MattingProblem: MATTING_PROBLEMS,
    NeutralProblem: NEUTRAL_PROBLEMS,
    ViewProblem: VIEW_PROBLEMS,
    PhotoNote: NOTES,
    CutoutNote: NOTES,
    Alteration: ALTERATIONS,
}
_REASONS = {one.value: one.label for one in (*Reason, *PhotoFailure)}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_FILE_LANGUAGE = "en"  # who will read what a file says of itself, nobody knows
_COMPOSITE = "Composite of a photographed piece and computer-generated surroundings."
_MODEL = "The model is computer-generated (virtual); no real person is shown."
_OWN_MODEL = (
    "Composite of photographs: a photographed piece, placed into a photograph of a real person, "
    "who agreed on %(agreed)s, until %(until)s."
)
_RETOUCHED = "Retouched photograph: the piece is photographed, its background is removed."
_WHAT_IT_IS = {
    LookKind.PACKSHOT: (_RETOUCHED,),
    LookKind.SCENE: (_COMPOSITE,),
    LookKind.MODEL: (_COMPOSITE, _MODEL),
}


def sentence(code: Code, parameters: Mapping[str, float]) -> str:
    """Return the sentence for a code; a number that an earlier version left out is a dash."""
    written = {name: _number(parameters.get(name)) for name in code.parameters}
    return str(SENTENCES[type(code)][code]) % written


def refusal_sentence(refusal: StudioRefusal) -> str:
    """Return why the studio said no."""
    return sentence(refusal.message.code, refusal.message.parameters)


def reason_and_advice(text: str) -> tuple[str, str]:
    """Return the first sentence of a refusal, which says why, and what follows it, which says what
    helps ("" where nothing follows). Each language writes the reason first.
    """
    reason, *advice = _SENTENCE_END.split(text, maxsplit=1)
    return reason, "".join(advice)


def note_text(stored: Any) -> str:
    """Return a stored note on a photo or its cutout."""
    return _stored_text(stored, PhotoNote, CutoutNote)


def photo_problem_text(stored: Any) -> str:
    """Return a stored reason why a file can't be used as a photo."""
    return _stored_text(stored, PhotoProblem)


def alteration_text(stored: Any) -> str:
    """Return what an image adds or leaves out, as it is stored."""
    return _stored_text(stored, Alteration)


def reason_text(row: Photo | Task | TaskItem) -> str:
    """Return why a photo, a generation or one of its images came to nothing."""
    if row.former_reason:
        return row.former_reason
    if row.reason_detail:
        problems = PieceProblem if isinstance(row, Photo) else ViewProblem
        return _stored_text(row.reason_detail, problems)
    return str(_REASONS.get(row.reason_code, row.reason_code))


def file_description(asset: Asset) -> tuple[str, ...]:
    """Return what a downloaded file says of itself, in English."""
    about = described(asset.alterations, queries.look_kind(asset.item.look_id))
    person = asset.item.own_model
    if person is None or person.agreed_at is None:
        return about
    with override(_FILE_LANGUAGE):
        agreed, until = formats.day(person.agreed_at.date()), formats.day(person.until_on)
    return (
        _OWN_MODEL % {"agreed": agreed, "until": until},
        *about[len(_WHAT_IT_IS[LookKind.MODEL]) :],
    )


def described(alterations: Iterable[Any], kind: LookKind) -> tuple[str, ...]:
    """Return what a file with such alterations says of itself, in English."""
    with override(_FILE_LANGUAGE):
        changes = tuple(alteration_text(one) for one in alterations)
    return (*_WHAT_IT_IS[kind], *changes)


def _stored_text(stored: Any, *kinds: type[Code]) -> str:
    """Return a stored message for reading; the sentence of an earlier version as it is."""
    if not isinstance(stored, dict):
        return str(stored)
    for kind in kinds:
        if stored["code"] in set(kind):
            return sentence(kind(stored["code"]), stored["parameters"])
    return str(stored["code"])


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return formats.number(value, 0 if float(value).is_integer() else 1)
