"""Our own renderer behind the gateway; its images are tried where the studio is."""

import numpy as np
import pytest

from jewelrymodel.generation.adapters.embedded import Embedded
from jewelrymodel.generation.gateway import (
    GeneratorRequest,
    HandleUnknown,
    OutputBroken,
    Refusal,
)
from jewelrymodel.generation.statuses import Reason
from jewelrymodel.studio.composition import Composition
from jewelrymodel.studio.messages import ViewProblem, message


def request(**looks: str) -> GeneratorRequest:
    cutout = np.zeros((300, 300, 4), np.uint8)
    cutout[60:240, 80:220] = (200, 160, 60, 255)
    cutout[100:200, 120:180] = (40, 60, 160, 255)
    by_position = {int(name[1:]): Composition(look) for name, look in looks.items()}
    return GeneratorRequest("task_1:0", cutout, "pendant", 24, 300, by_position)


def test_it_renders_one_image_a_poll_and_names_its_steps() -> None:
    generator, steps = Embedded(), list[str]()
    handle = generator.submit(request(_0="linen", _3="velvet"))
    first = generator.poll(handle, request(), steps.append)
    assert (first.ready, first.over) == ((0,), False)
    second = generator.poll(handle, request(), steps.append)
    assert (second.ready, second.over) == ((0, 3), True)
    assert steps
    output = generator.fetch(handle, request(_0="linen"), 0)
    assert output.image.shape == (300, 300, 3)
    assert output.settings["look_id"] == "linen"
    with pytest.raises(OutputBroken):
        generator.fetch(handle, request(), 1)


def test_a_look_for_another_kind_is_refused_with_the_studios_reason() -> None:
    generator = Embedded()
    state = generator.poll(generator.submit(request(_0="hand-light")), request(), lambda step: None)
    assert state.over
    assert state.refused[0] == Refusal(Reason.VIEW_REFUSED, message(ViewProblem.WRONG_KIND))


def test_canceled_it_makes_nothing_more() -> None:
    generator = Embedded()
    handle = generator.submit(request(_0="linen"))
    generator.cancel(handle)
    state = generator.poll(handle, request(), lambda step: None)
    assert (state.over, state.ready) == (True, ())
    assert state.reason is not None
    assert state.reason.code == Reason.CANCELED


def test_it_forgets_everything_with_its_process() -> None:
    with pytest.raises(HandleUnknown):
        Embedded().poll("task_1:0", request(), lambda step: None)
