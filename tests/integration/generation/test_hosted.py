"""The hosted generator's adapter against the stand-in: what is an answer and what is none."""

import io

import httpx
import pytest
from PIL import Image

from jewelrymodel.generation.adapters.hosted import Hosted
from jewelrymodel.generation.gateway import (
    GeneratorRefused,
    GeneratorRequest,
    GeneratorUnavailable,
    HandleUnknown,
)
from jewelrymodel.studio.composition import Composition
from tests.support.generation import drawn_piece


def request(**options: object) -> GeneratorRequest:
    return GeneratorRequest(
        "key-1",
        drawn_piece(200),
        "pendant",
        24,
        256,
        {0: Composition("plain-ivory")},
        dict(options),
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
        lambda: hosted.poll("job_none", request(), silent),
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
        GeneratorRequest(
            "key-2", drawn_piece(200), "pendant", 24, 256, {0: Composition("plain-ivory")}
        )
    )
    honest = hosted.submit(
        GeneratorRequest(
            "key-3", drawn_piece(200), "pendant", 24, 256, {0: Composition("plain-ivory")}
        )
    )
    httpx.post(f"{generator}/_sandbox/finish").raise_for_status()
    assert hosted.poll(spoilt, request(), silent).reason is not None
    assert hosted.poll(honest, request(), silent).ready == (0,)


@pytest.mark.parametrize("cost", ["", "free", "1.5", "-1", "9" * 30, "9" * 5000])
def test_a_cost_that_is_no_number_is_no_usable_answer(
    monkeypatch: pytest.MonkeyPatch, cost: str
) -> None:
    answers(monkeypatch, httpx.Response(200, content=picture(), headers={"x-cost-micros": cost}))
    with pytest.raises(GeneratorUnavailable):
        Hosted("http://generator.example").fetch("job_1", request(), 0)


@pytest.mark.parametrize(
    "said",
    [
        {"outputs": [{"ref": "first"}]},
        {"outputs": [{}]},
        {"outputs": ["0"]},
        {"outputs": 1},
        {"outputs": None},
        {"refused": [{"ref": None, "code": "content_blocked"}]},
        {"refused": {"ref": 0}},
    ],
)
def test_a_job_that_can_not_be_read_is_no_usable_answer(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, object]
) -> None:
    answers(monkeypatch, httpx.Response(200, json={"status": "completed", **said}))
    with pytest.raises(GeneratorUnavailable):
        Hosted("http://generator.example").poll("job_1", request(), silent)


def picture() -> bytes:
    """One of the size that is asked for."""
    file = io.BytesIO()
    Image.new("RGB", (256, 256), "ivory").save(file, "PNG")
    return file.getvalue()


def answers(monkeypatch: pytest.MonkeyPatch, response: httpx.Response) -> None:
    """Every request is answered with *response*."""
    monkeypatch.setattr(httpx.Client, "request", lambda *_args, **_options: response)
