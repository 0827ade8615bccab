"""One call from a file to an image, with corrections by hand."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from jewelrymodel.studio import pipeline
from jewelrymodel.studio.corrections import CorrectionsRefused
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.pipeline import make_picture
from jewelrymodel.studio.render_request import Rendered
from tests.support import pieces

EDGE = 900


@pytest.fixture
def photo(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A file, and a network that knows what is in it."""
    piece = pieces.golden(pieces.pendant(EDGE, chain=False))
    monkeypatch.setattr(pipeline, "load_matting", lambda *_: pieces.Known(piece.alpha))
    rgb = pieces.photographed(piece)
    return bytes(cv2.imencode(".png", np.ascontiguousarray(rgb[..., ::-1]))[1])


def made(photo: bytes, *corrections: object) -> Rendered:
    return make_picture(
        photo, Kind.PENDANT, "sweep", 24, Path(), edge_px=300, corrections=corrections
    )


def test_an_image_of_a_healed_piece_says_so(photo: bytes) -> None:
    heal = {"tool": "heal", "radius": 10, "points": [[450, 675]]}
    assert made(photo, heal).alterations[0].code is Alteration.RETOUCHED
    assert Alteration.RETOUCHED not in {one.code for one in made(photo).alterations}


def test_corrections_outside_the_photo_are_refused(photo: bytes) -> None:
    with pytest.raises(CorrectionsRefused):
        made(photo, {"tool": "keep", "radius": 10, "points": [[450, EDGE + 1]]})
