"""The hosted generator's adapter against the stand-in: what is an answer and what is none."""

import httpx
import pytest

from jewelrymodel.generation.adapters.hosted import Hosted
from jewelrymodel.generation.gateway import (
    GeneratorRefused,
    GeneratorRequest,
    GeneratorUnavailable,
    HandleUnknown,
)
from tests.support.generation import drawn_piece


def request(**options: object) -> GeneratorRequest:
    return GeneratorRequest(
        "key-1", drawn_piece(200), "pendant", 24, 256, {0: "plain-ivory"}, dict(options)
    )


def silent(step: str) -> None:
    """Nobody watches."""


def test_the_same_key_is_the_same_job_and_another_request_under_it_is_refused(
    generator: str,
) -> None:
    hosted = Hosted(generator)
    assert hosted.submit(request()) == hosted.submit(request())
    with pytest.raises(GeneratorRefused):
        hosted.submit(request(behaviour="hang"))


def test_a_job_that_it_does_not_know_is_said_to_be_unknown(generator: str) -> None:
    hosted = Hosted(generator)
    for ask in (
        lambda: hosted.poll("job_none", silent),
        lambda: hosted.fetch("job_none", request(), 0),
    ):
        with pytest.raises(HandleUnknown):
            ask()
    hosted.cancel("job_none")


def test_a_server_error_or_nobody_there_is_no_verdict(generator: str) -> None:
    httpx.post(f"{generator}/_sandbox/faults", json={"down": 1}).raise_for_status()
    for url in (generator, "http://127.0.0.1:9"):
        with pytest.raises(GeneratorUnavailable):
            Hosted(url).submit(request())


def test_the_panel_refuses_what_it_does_not_know(generator: str) -> None:
    for wrong in ({"behaviour": "sulk"}, {"mood": 1}, {"times": "many"}):
        assert httpx.post(f"{generator}/_sandbox/faults", json=wrong).status_code == 422
    faults = httpx.get(f"{generator}/_sandbox/faults").json()
    assert faults["behaviour"] == "honest"
    for body in ({}, {"cutout": "", "images": [{"width": 9999, "height": 1, "box": []}]}):
        answer = httpx.post(f"{generator}/v1/jobs", json=body, headers={"Idempotency-Key": "wrong"})
        assert answer.status_code == 422


def test_the_panel_spoils_the_next_job_only(generator: str) -> None:
    httpx.post(f"{generator}/_sandbox/faults", json={"behaviour": "fail", "times": 1})
    hosted = Hosted(generator)
    spoilt = hosted.submit(
        GeneratorRequest("key-2", drawn_piece(200), "pendant", 24, 256, {0: "plain-ivory"})
    )
    honest = hosted.submit(
        GeneratorRequest("key-3", drawn_piece(200), "pendant", 24, 256, {0: "plain-ivory"})
    )
    httpx.post(f"{generator}/_sandbox/finish").raise_for_status()
    assert hosted.poll(spoilt, silent).reason is not None
    assert hosted.poll(honest, silent).ready == (0,)
