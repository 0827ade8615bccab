"""Each provider's dialect against its strict stand-in: what every answer means in our words."""

import dataclasses
import io
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from jewelrymodel.generation.adapters import comfyui_server, provider_http
from jewelrymodel.generation.adapters.generators import ADAPTERS
from jewelrymodel.generation.adapters.provider import (
    NoPicture,
    Picture,
    Provider,
    ProviderAccess,
    SceneOrder,
)
from jewelrymodel.generation.rules.provider_models import chosen, models
from jewelrymodel.generation.statuses import AttemptState
from tests.support.providers import access, bill, panel

EDGE = 832  # the smallest that every one of them takes
REFUSED, WITHHELD, INVALID = AttemptState.REFUSED, AttemptState.WITHHELD, AttemptState.INVALID
RETIRED, LOCKED_OUT, NOT_NOW = AttemptState.RETIRED, AttemptState.LOCKED_OUT, AttemptState.NOT_NOW
UNKNOWN, EMPTY = AttemptState.UNKNOWN, AttemptState.EMPTY
USUAL = {
    "moderated": REFUSED,
    "invalid": INVALID,
    "retired": RETIRED,
    "no_credit": LOCKED_OUT,
    "busy": NOT_NOW,
    "busy_until": NOT_NOW,
    "overloaded": NOT_NOW,
    "failed": NOT_NOW,
    "no_image": EMPTY,
    "disconnect": UNKNOWN,
}
JOBS = {"lost": UNKNOWN, "url_gone": EMPTY, "foreign_url": EMPTY, "withheld": WITHHELD}
ROWS: dict[str, dict[str, AttemptState]] = {
    # they work while we wait, and say of no error of their own that it isn't billed
    "openai": {**USUAL, "failed": UNKNOWN},
    "gemini": {**USUAL, "failed": UNKNOWN, "withheld": WITHHELD},
    "bfl": {**USUAL, **JOBS, "failed": EMPTY},
    # fal tells how a job ended only with its result: what it refuses has been taken as well
    "fal": {**USUAL, **JOBS, "moderated": WITHHELD},
    # a server of one's own: no account, no rates, no rules
    "comfyui": {
        "invalid": INVALID,
        "failed": EMPTY,
        "overloaded": NOT_NOW,
        "no_image": EMPTY,
        "lost": UNKNOWN,
        "url_gone": EMPTY,
    },
}
CASES = [(name, fault, state) for name, rows in ROWS.items() for fault, state in rows.items()]


@pytest.fixture
def url(generator_url: str) -> str:
    """The stand-ins, as new."""
    panel(generator_url, forget=True)
    return generator_url


def order(name: str, attempt_id: str = "try_1", **changes: Any) -> SceneOrder:
    """A red left half that is kept, and a gray right half that is painted."""
    canvas = np.full((EDGE, EDGE, 3), 170, np.uint8)
    canvas[:, : EDGE // 2] = (200, 30, 30)
    paint = np.full((EDGE, EDGE), 255, np.uint8)
    paint[:, : EDGE // 2] = 0
    wanted = SceneOrder(
        attempt_id, canvas, paint, "A ring on a stone.", 7, chosen(name, "", models())
    )
    return dataclasses.replace(wanted, **changes)


def adapter(url: str, name: str, **changes: Any) -> Provider:
    return ADAPTERS[name](ProviderAccess(**access(url, name, **changes)))


def made(provider: Provider, wanted: SceneOrder) -> Picture:
    """The picture, waited for where it is a job."""
    answer = provider.submit(wanted)
    if isinstance(answer, Picture):
        return answer
    return looked(lambda: provider.look(answer.remote_id))


def looked(look: Callable[[], Picture | None]) -> Picture:
    for _ in range(40):
        if picture := look():
            return picture
        time.sleep(0.05)
    raise AssertionError("it never ended")


@pytest.mark.parametrize(("name", "fault", "state"), CASES)
def test_every_fault_has_its_state(url: str, name: str, fault: str, state: AttemptState) -> None:
    panel(url, fault=fault)
    with pytest.raises(NoPicture) as end:
        made(adapter(url, name), order(name))
    assert end.value.state is state, str(end.value)
    waits = {"busy_until": "7"}
    assert end.value.retry_after == waits.get(fault, "")
    # fal's first word on it comes with the result of a job that its runner may have worked on
    assert end.value.had_worked is ((name, fault) == ("fal", "invalid"))


@pytest.mark.parametrize("name", [name for name in ROWS if name != "gemini"])
def test_the_mask_means_to_each_what_it_means_to_us(url: str, name: str) -> None:
    picture = made(adapter(url, name), order(name))
    image = np.asarray(Image.open(io.BytesIO(picture.data)).resize((EDGE, EDGE)).convert("RGB"))
    left, right = image[:, 40 : EDGE // 2 - 40], image[:, EDGE // 2 + 40 : -40]
    assert np.abs(left.astype(int) - (200, 30, 30)).max() < 12
    assert np.abs(right.astype(int).mean((0, 1)) - 170).max() > 8
    assert picture.request_id


@pytest.mark.parametrize("name", [name for name in ROWS if name not in ("openai", "comfyui")])
def test_a_wrong_key_locks_out(url: str, name: str) -> None:
    with pytest.raises(NoPicture) as end:
        made(adapter(url, name, key="wrong"), order(name))
    assert end.value.state is LOCKED_OUT


@pytest.mark.parametrize("name", ["openai", "gemini", "bfl"])
def test_what_it_cost_is_taken_from_the_answer(url: str, name: str) -> None:
    picture = made(adapter(url, name), order(name))
    assert picture.cost_micros == bill(url)[0]["billed"]


@pytest.mark.parametrize("name", ROWS)
def test_nobody_there_is_not_now_and_nothing_was_sent(url: str, name: str) -> None:
    with pytest.raises(NoPicture) as end:
        adapter("http://127.0.0.1:9", name).submit(order(name))
    assert end.value.state is NOT_NOW


@pytest.mark.parametrize("name", ["bfl", "fal", "comfyui"])
def test_a_job_an_hour_late_is_no_verdict(url: str, name: str) -> None:
    panel(url, fault="late")
    provider = adapter(url, name)
    job = provider.submit(order(name))
    assert not isinstance(job, Picture)
    assert provider.look(job.remote_id) is None
    provider.cancel(job.remote_id)
    panel(url, finish=True)
    assert provider.look(job.remote_id) is not None


def test_a_lost_answer_of_ones_own_server_is_looked_up_under_our_id(url: str) -> None:
    panel(url, fault="disconnect")
    provider = adapter(url, "comfyui")
    wanted = order("comfyui")
    with pytest.raises(NoPicture) as end:
        provider.submit(wanted)
    assert end.value.state is UNKNOWN
    job = provider.recover(wanted)
    assert job is not None
    assert looked(lambda: provider.look(job.remote_id)).data
    assert provider.recover(order("comfyui", attempt_id="try_2")) is None
    assert len(bill(url)) == 1


def test_a_workflow_without_a_named_node_is_refused(tmp_path: Any) -> None:
    file = tmp_path / "other.json"
    file.write_text('{"1": {"_meta": {"title": "canvas"}, "inputs": {}}}')
    for name in (str(file), str(tmp_path / "none.json"), "no-such-workflow"):
        with pytest.raises(comfyui_server.WorkflowUnusable):
            comfyui_server.workflow(name)
    for shipped in ("inpaint-sdxl", "inpaint-flux-fill"):
        nodes = comfyui_server.filled_in(
            comfyui_server.workflow(shipped), {"canvas": "c.png", "prompt": "words"}, 42
        )
        put = [value for node in nodes.values() for value in node["inputs"].values()]
        assert {"c.png", "words", 42} <= {one for one in put if not isinstance(one, list)}


def test_flux_edits_by_words_too(url: str) -> None:
    wanted = order("bfl", model=chosen("bfl", "flux-2-pro", models()))
    assert made(adapter(url, "bfl"), wanted).data


class Served:
    """Every request is answered by a function, and kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: httpx.Response) -> None:
        self.asked: list[httpx.Request] = []

        def handle(request: httpx.Request) -> httpx.Response:
            self.asked.append(request)
            return answer

        client = httpx.Client(transport=httpx.MockTransport(handle))
        monkeypatch.setattr(provider_http, "connections", lambda: client)


def reached(**changes: Any) -> provider_http.ProviderHttp:
    usual = access("https://api.example", "bfl", base="https://api.bfl.ai", **changes)
    return provider_http.ProviderHttp(ProviderAccess(**usual), {"x-key": "secret"})


def test_results_are_fetched_from_named_hosts_without_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served = Served(monkeypatch, httpx.Response(200, content=b"file"))
    assert reached().picture("https://delivery-eu1.bfl.ai/a.png?sig=1") == b"file"
    assert "x-key" not in served.asked[0].headers
    for address in (
        "https://delivery.bfl.ai.example/a.png",
        "http://delivery.bfl.ai/a.png",
        "https://127.0.0.1/a.png",
        "file:///etc/passwd",
        "https://notbfl.ai/a.png",
    ):
        with pytest.raises(NoPicture) as end:
            reached().picture(address)
        assert end.value.state is EMPTY
    assert len(served.asked) == 1


def test_the_key_goes_to_no_other_host_when_a_job_is_polled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served = Served(monkeypatch, httpx.Response(200, json={"status": "Pending"}))
    assert reached().ask("https://api.eu.bfl.ai/v1/get_result?id=1") is not None
    for address in ("https://api.bfl.ai.example/v1/get_result", "http://api.eu.bfl.ai/v1"):
        with pytest.raises(NoPicture):
            reached().ask(address)
    assert len(served.asked) == 1


def test_a_redirection_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = httpx.Response(302, headers={"location": "https://elsewhere.example/"})
    served = Served(monkeypatch, moved)
    with pytest.raises(NoPicture):
        reached().picture("https://delivery.bfl.ai/a.png")
    assert not reached().submit("/v1/flux-2-pro", json={}).is_success
    assert len(served.asked) == 2


def test_an_answer_that_is_too_large_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_http, "MAX_ANSWER_BYTES", 100)
    Served(monkeypatch, httpx.Response(200, content=b"x" * 101))
    with pytest.raises(NoPicture) as end:
        reached().submit("/v1/flux-2-pro", json={})
    assert end.value.state is EMPTY


@pytest.mark.parametrize("status", [408, 502, 504, 524])
@pytest.mark.parametrize("name", ROWS)
def test_a_gateway_that_gave_up_waiting_leaves_the_outcome_unknown(
    monkeypatch: pytest.MonkeyPatch, name: str, status: int
) -> None:
    """What is behind it may have made the image, and bills it: it isn't asked again."""

    def handle(request: httpx.Request) -> httpx.Response:
        is_free = request.url.path.endswith("/upload/image")
        return httpx.Response(200, json={"name": "c"}) if is_free else httpx.Response(status)

    client = httpx.Client(transport=httpx.MockTransport(handle))
    monkeypatch.setattr(provider_http, "connections", lambda: client)
    with pytest.raises(NoPicture) as end:
        adapter("https://provider.example", name).submit(order(name))
    assert end.value.state is UNKNOWN


def test_an_upload_that_a_gateway_lost_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    Served(monkeypatch, httpx.Response(504))
    with pytest.raises(NoPicture) as end:
        adapter("https://own.example", "comfyui").submit(order("comfyui"))
    assert end.value.state is NOT_NOW


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_result_that_cannot_be_fetched_now_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """The job is done and paid for: only what fal says of the job itself ends it."""
    answers = iter([httpx.Response(200, json={"status": "COMPLETED"}), httpx.Response(status)])
    client = httpx.Client(transport=httpx.MockTransport(lambda request: next(answers)))
    monkeypatch.setattr(provider_http, "connections", lambda: client)
    job = dict.fromkeys(("status_url", "response_url"), "https://queue.fal.run/job")
    reached_fal = adapter("https://queue.fal.run", "fal", base="https://queue.fal.run")
    assert reached_fal.look(json.dumps({**job, "request_id": "1"})) is None


def test_the_key_never_goes_out_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(monkeypatch, httpx.Response(200, json={"status": "Pending"}))
    with pytest.raises(NoPicture):
        reached().ask("http://api.bfl.ai/v1/get_result?id=1")
    assert not served.asked


@pytest.mark.parametrize("address", ["https://[bfl.ai/a.png", "https://a.bfl.ai:port/a.png"])
def test_an_address_that_is_none_ends_the_request(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    Served(monkeypatch, httpx.Response(200, content=b"file"))
    with pytest.raises(NoPicture) as end:
        reached().picture(address)
    assert end.value.state is EMPTY
    with pytest.raises(NoPicture) as polled:
        reached().ask(address)
    assert polled.value.state is UNKNOWN
