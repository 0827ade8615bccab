"""A hosted, asynchronous generator over HTTP: plain backgrounds only, and square pictures.

The placement is ours and is sent with the request, so that what comes back can be measured against
the cutout exactly where it must be.
"""

import base64
import io
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.adapters.hosted_placement import layer, measured
from jewelrymodel.generation.gateway import (
    GeneratorRefused,
    GeneratorRequest,
    GeneratorStatus,
    GeneratorUnavailable,
    HandleUnknown,
    Measured,
    OnStep,
    Output,
    OutputBroken,
    Refusal,
)
from jewelrymodel.generation.rules.blank_image import is_blank
from jewelrymodel.generation.rules.plain_backgrounds import PLAIN_BACKGROUNDS
from jewelrymodel.generation.statuses import GeneratorName, Reason, WorkStep
from jewelrymodel.studio.messages import Alteration, message

TIMEOUT = httpx.Timeout(15.0, connect=3.0)
_REFUSED = {"content_blocked": Reason.CONTENT_BLOCKED}
NOTHING_SEEN = Measured(figures={}, passed=False)
_LARGEST = 2**31 - 1
_UNAVAILABLE = {408, 425, 429}


class Hosted:
    """Speaks to the generator at *url*; its handles are the generator's own job ids."""

    name = GeneratorName.HOSTED.value
    outlives_us = True
    pause_s = 0.5

    def __init__(self, url: str) -> None:
        self._http = connections(url.rstrip("/"))

    def submit(self, request: GeneratorRequest) -> str:
        """Return the generator's job id; the same key gives the same one."""
        body = {
            "cutout": base64.b64encode(_png(layer(request.cutout, request.edge_px))).decode(),
            "images": [_image_request(request, n) for n in sorted(request.compositions)],
            **request.options,
        }
        answer = self._call("POST", "/v1/jobs", json=body, headers={"Idempotency-Key": request.key})
        return str(_field(answer, "id"))

    def poll(self, handle: str, request: GeneratorRequest, on_step: OnStep) -> GeneratorStatus:
        """Return what the generator says of the job."""
        answer = self._call("GET", f"/v1/jobs/{handle}")
        status = _field(answer, "status")
        over = status in ("completed", "failed", "canceled")
        if not over:
            on_step(WorkStep.GENERATING)
        return GeneratorStatus(
            over=over,
            ready=tuple(_position(one) for one in _documents(answer, "outputs")),
            refused={_position(one): _refusal(one) for one in _documents(answer, "refused")},
            reason=Refusal(Reason.GENERATOR_FAILED) if status == "failed" else None,
        )

    def fetch(self, handle: str, request: GeneratorRequest, position: int) -> Output:
        """Return one picture, measured against the cutout at the place that we asked for."""
        response = self._request("GET", f"/v1/jobs/{handle}/outputs/{position}")
        image = image_files.decoded(response.content)
        if image.shape[:2] != (request.edge_px, request.edge_px):
            raise OutputBroken(detail="not the size that was asked for")
        return Output(
            image=image,
            fidelity=NOTHING_SEEN
            if is_blank(image)
            else measured(request.cutout, image, request.kind, request.size_mm),
            alterations=(message(Alteration.BACKGROUND), message(Alteration.SHADOW)),
            settings={"look": request.compositions[position].look_id, "job": handle},
            cost_micros=_whole(response.headers.get("x-cost-micros", 0), "cost"),
        )

    def cancel(self, handle: str) -> None:
        """Ask it to stop; a job that it doesn't know needs no stopping."""
        try:
            self._call("POST", f"/v1/jobs/{handle}/cancel")
        except HandleUnknown:
            return

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            answer = self._request(method, path, **options).json()
        except ValueError:
            raise GeneratorUnavailable(detail="the answer is no JSON") from None
        if not isinstance(answer, dict):
            raise GeneratorUnavailable(detail="the answer is no object")
        return answer

    def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, timeout=TIMEOUT, **options)
        except httpx.HTTPError as error:
            raise GeneratorUnavailable(detail=type(error).__name__) from None
        if not response.is_success:
            raise _verdict(response)
        return response


@cache
def connections(url: str) -> httpx.Client:
    """Return the process's one pool for *url*: to read the certificates anew at every look at a
    job costs more than the look.
    """
    return httpx.Client(base_url=url)


def _verdict(response: httpx.Response) -> Exception:
    """A time-out, a lack of room or a fault of theirs is none; the rest is."""
    if response.status_code in _UNAVAILABLE or response.status_code >= 500:
        return GeneratorUnavailable(detail=f"HTTP {response.status_code}")
    if response.status_code == 404:
        return HandleUnknown()
    return GeneratorRefused(Reason.GENERATOR_REFUSED)


def _field(answer: Mapping[str, Any], name: str) -> Any:
    if name not in answer:
        raise GeneratorUnavailable(detail=f"the answer has no {name}")
    return answer[name]


def _documents(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    documents = answer.get(name, [])
    if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
        raise GeneratorUnavailable(detail=f"the answer's {name} can't be read")
    return documents


def _position(document: Mapping[str, Any]) -> int:
    return _whole(_field(document, "ref"), "ref")


def _whole(value: object, name: str) -> int:
    """Return what a generator wrote as a whole number, of a size that a row can hold."""
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if not 0 <= number <= _LARGEST:
        raise GeneratorUnavailable(detail=f"the answer's {name} is no number of ours")
    return number


def _refusal(doc: Mapping[str, Any]) -> Refusal:
    return Refusal(_REFUSED.get(str(doc.get("code")), Reason.GENERATOR_FAILED))


def _image_request(request: GeneratorRequest, position: int) -> dict[str, Any]:
    edge, look = request.edge_px, request.compositions[position].look_id
    top, bottom = PLAIN_BACKGROUNDS[look]
    size = {"width": edge, "height": edge, "box": [0, 0, edge, edge]}
    return {"ref": position, "look": look, **size, "top": top, "bottom": bottom}


def _png(rgba: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
