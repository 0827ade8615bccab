"""A closer look is taken where it can help, and used only where it agrees with the whole frame."""

from dataclasses import dataclass, field

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats
from jewelrymodel.studio.matte_refinement import closer_box, two_passes
from jewelrymodel.studio.matting import Matting
from jewelrymodel.studio.matting_weights import U2NETP

EDGE = 200


@dataclass(frozen=True)
class Answers(Matting):
    """Stands for a network that gives these alphas, one after the other."""

    alphas: list[Floats] = field(default_factory=list)
    asked: list[tuple[int, ...]] = field(default_factory=list)

    def alpha(self, rgb: Bytes) -> Floats:
        self.asked.append(rgb.shape[:2])
        return self.alphas.pop(0)


def answers(*alphas: Floats) -> Answers:
    return Answers(U2NETP, None, list(alphas))


def ring(metal: float = 1.0, hole: float = 0.0) -> Floats:
    """A ring in the middle of a frame, its opening filled by *hole*."""
    down, across = np.mgrid[:EDGE, :EDGE] - EDGE / 2
    far = np.hypot(down, across)
    return floats(np.where(far < 40, np.where(far < 30, hole, metal), 0))


def closer(alpha: Floats, seen: Floats) -> Floats:
    box = closer_box(alpha)
    assert box is not None
    x0, y0, x1, y1 = box
    return seen[y0:y1, x0:x1]


PHOTO = np.zeros((EDGE, EDGE, 3), np.uint8)


def test_a_sure_answer_is_not_asked_again() -> None:
    network = answers(ring())
    found = two_passes(PHOTO, network)
    assert network.asked == [(EDGE, EDGE)]
    assert np.array_equal(found > 0.5, ring() > 0.5)


def test_where_it_is_unsure_the_closer_look_makes_it_sure() -> None:
    unsure = ring(metal=0.6)
    network = answers(unsure, closer(unsure, ring()))
    found = two_passes(PHOTO, network)
    assert len(network.asked) == 2
    assert np.allclose(found, ring())


def test_a_closer_look_that_loses_a_part_takes_nothing_away() -> None:
    unsure = floats(np.where(np.arange(EDGE) < EDGE / 2, ring(0.8), ring()))
    half = floats(np.where(np.arange(EDGE) < EDGE / 2, 0, ring()))
    found = two_passes(PHOTO, answers(unsure, closer(unsure, half)))
    assert (found[unsure > 0.5] > 0.5).all()


def test_a_closer_look_that_fills_the_opening_is_not_used() -> None:
    unsure = blur(ring(), 4)
    network = answers(unsure, closer(unsure, ring(hole=1.0)))
    found = two_passes(PHOTO, network)
    assert len(network.asked) == 2
    assert found[EDGE // 2, EDGE // 2] == 0
