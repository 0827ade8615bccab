"""A seller's corrections are read within bounds, and what can't be read is refused by its code."""

from typing import Any

import pytest

from jewelrymodel.studio.corrections import (
    MAX_CORRECTIONS,
    MAX_POINTS,
    MAX_POINTS_EACH,
    MAX_TAPS,
    CorrectionsRefused,
    Tool,
    parse,
    restored,
)
from jewelrymodel.studio.messages import CorrectionProblem

SIZE = (800, 600)


def entry(**changes: Any) -> dict[str, Any]:
    return {"tool": "keep", "radius": 12, "points": [[10, 20], [30.123, 40]], **changes}


def refusal(entries: object) -> CorrectionsRefused:
    with pytest.raises(CorrectionsRefused) as caught:
        parse(entries, *SIZE)
    return caught.value


def test_what_was_parsed_is_stored_as_it_was_sent() -> None:
    entries = [entry(tool=tool.value) for tool in Tool]
    corrections = parse(entries, *SIZE)
    assert [one.tool for one in corrections] == list(Tool)
    assert corrections[0].points == ((10, 20), (30.12, 40))
    stored = [one.stored for one in corrections]
    assert parse(stored, *SIZE) == restored(stored) == corrections
    assert parse([], *SIZE) == ()


def test_corners_of_the_frame_are_inside() -> None:
    assert parse([entry(points=[[0, 0], [800, 600]])], *SIZE)


@pytest.mark.parametrize(
    "entries",
    [
        None,
        {},
        "keep",
        7,
        [None],
        ["keep"],
        [[]],
        [{}],
        [entry(tool="smudge")],
        [entry(tool=[])],
        [entry(radius="12")],
        [entry(radius=True)],
        [entry(radius=float("nan"))],
        [entry(radius=10**400)],
        [entry(points=[])],
        [entry(points=None)],
        [entry(points=[[1]])],
        [entry(points=[[1, 2, 3]])],
        [entry(points=[[1, float("inf")]])],
        [entry(points=["12"])],
        [entry(points=[5])],
    ],
)
def test_what_cant_be_read_is_refused(entries: object) -> None:
    assert refusal(entries).code == CorrectionProblem.UNREADABLE


@pytest.mark.parametrize(
    "changes",
    [
        {"radius": 0.5},
        {"radius": 401},
        {"points": [[-1, 5]]},
        {"points": [[5, 600.5]]},
        {"points": [[801, 5]]},
    ],
)
def test_brushes_and_places_have_bounds(changes: dict[str, Any]) -> None:
    assert refusal([entry(**changes)]).code == CorrectionProblem.OUTSIDE


def test_their_number_has_bounds() -> None:
    assert len(parse([entry()] * MAX_CORRECTIONS, *SIZE)) == MAX_CORRECTIONS
    assert refusal([entry()] * (MAX_CORRECTIONS + 1)).code == CorrectionProblem.TOO_MANY


def test_their_length_has_bounds() -> None:
    longest = entry(points=[[1, 1]] * MAX_POINTS_EACH)
    strokes = MAX_POINTS // MAX_POINTS_EACH
    assert len(parse([longest] * strokes, *SIZE)) == strokes
    assert refusal([longest] * strokes + [entry()]).code == CorrectionProblem.TOO_LONG
    assert refusal([entry(points=[[1, 1]] * (MAX_POINTS_EACH + 1))]).code == (
        CorrectionProblem.TOO_LONG
    )


def test_a_list_takes_a_bounded_time() -> None:
    there_and_back = [[0, 0], [800, 0]] * 30
    assert parse([entry(radius=1, points=there_and_back)], *SIZE)
    assert refusal([entry(radius=1, points=there_and_back * 2)]).code == CorrectionProblem.TOO_LONG
    assert parse([entry(radius=400, points=[[0, 300], [800, 300]])] * 3, *SIZE)
    whole = entry(radius=400, points=[[0, 300], [800, 300]])
    assert refusal([whole] * 6).code == CorrectionProblem.TOO_LONG
    clean = entry(tool="clean", radius=400, points=[[0, 300], [800, 300]])
    assert parse([clean], *SIZE)
    assert refusal([clean] * 2).code == CorrectionProblem.TOO_LONG
    assert parse([entry(radius=400, points=[[125, 125]])], 250, 250)


def test_places_to_search_from_have_a_bound() -> None:
    taps = [[x, 20] for x in range(MAX_TAPS)]
    assert parse([entry(tool="opening", points=taps)], *SIZE)
    for more in (entry(tool="drop", points=[[1, 1]]), entry(tool="outline", points=[[1, 1]])):
        refused = refusal([entry(tool="opening", points=taps), more])
        assert refused.code == CorrectionProblem.TOO_MANY
        assert refused.message.parameters == {"most": MAX_TAPS}
    outlines = [entry(tool="outline", points=[[1, 1]]) for _ in range(MAX_TAPS // 50 + 1)]
    assert parse(outlines[1:], *SIZE)
    assert refusal(outlines).code == CorrectionProblem.TOO_MANY


def test_what_was_taken_once_is_restored_whatever_is_accepted_today() -> None:
    outside = entry(radius=900.0, points=[[5000.0, 20.0]] * (MAX_POINTS_EACH + 1))
    assert [one.stored for one in restored([outside])] == [outside]
