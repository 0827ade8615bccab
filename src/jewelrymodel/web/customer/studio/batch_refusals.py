"""Why a file became no photo of its batch, as it is kept and as its seller reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jewelrymodel.generation.operations import PhotoKnown
from jewelrymodel.web.customer.studio.refusals import refusal_of_code
from jewelrymodel.web.studio_messages.display import photo_problem_text


@dataclass(frozen=True)
class RefusedFile:
    """A file's name, why it was refused, and the page of the photo that it is already, if it is."""

    name: str
    sentence: str
    known: str


def refused_file(stored: Mapping[str, Any]) -> RefusedFile:
    """Return a refused file as it is kept, for reading."""
    detail = stored["detail"]
    if stored["code"] == PhotoKnown.code:
        page = reverse("photo", args=[detail["photo_id"]])
        return RefusedFile(stored["name"], refusal_of_code(PhotoKnown.code), page)
    return RefusedFile(stored["name"], photo_problem_text(detail), "")
