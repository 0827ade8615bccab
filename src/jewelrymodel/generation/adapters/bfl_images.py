"""Black Forest Labs: a job that is polled where its answer says, and a file that lives minutes.

Two of its models do what we need, each in its own way: Fill has a mask that holds, FLUX.2 edits by
words. Outpainting would keep a whole rectangle in its place, with what is round the piece in it.
Checked against docs.bfl.ai, never against the service.
"""

import json
from typing import Any

from jewelrymodel.generation.adapters.picture_files import in_base64, png, white_is_painted
from jewelrymodel.generation.adapters.provider import (
    NoPicture,
    Picture,
    ProviderAccess,
    Running,
    SceneOrder,
)
from jewelrymodel.generation.adapters.provider_http import (
    Answer,
    ProviderHttp,
    nothing_in,
    verdict,
)
from jewelrymodel.generation.statuses import AttemptState

FILL = "flux-pro-1.0-fill"
_MICROS_PER_CREDIT = 10_000
_ENDS = {
    "Request Moderated": AttemptState.REFUSED,
    "Content Moderated": AttemptState.WITHHELD,
    "Task not found": AttemptState.UNKNOWN,
    "Error": AttemptState.EMPTY,
    "Failed": AttemptState.EMPTY,
}


class BflImages:
    """Speaks ``/v1/<model>`` and the polling address that it answers with."""

    name = "bfl"

    def __init__(self, access: ProviderAccess) -> None:
        self._http = ProviderHttp(access, {"x-key": access.key})

    def submit(self, order: SceneOrder) -> Running:
        """Return the job."""
        answer = self._http.submit(f"/v1/{order.model.id}", json=_body(order))
        if not answer.is_success:
            raise _refusal(answer)
        document = answer.document()
        job_id, url = document.get("id"), document.get("polling_url")
        if not job_id or not url:
            raise NoPicture(AttemptState.UNKNOWN, detail="accepted without an id")
        told = {"url": str(url), "cost": _cost(document.get("cost")), "id": str(job_id)}
        return Running(json.dumps(told), str(job_id))

    def look(self, remote_id: str) -> Picture | None:
        """Return the picture of a job that is ready."""
        told = json.loads(remote_id)
        answer = self._http.ask(told["url"])
        if answer is None or answer.status == 429 or answer.status >= 500:
            return None
        document = answer.document()
        status = str(document.get("status") or "")
        if not status and not answer.is_success:
            raise NoPicture(AttemptState.UNKNOWN, detail=f"polled: HTTP {answer.status}")
        if state := _ENDS.get(status):
            raise NoPicture(state, detail=status)
        if status != "Ready":
            return None
        result = document.get("result")
        sample = result.get("sample") if isinstance(result, dict) else None
        if not sample:
            raise nothing_in("Ready without a sample")
        return Picture(self._http.picture(str(sample)), told["id"], cost_micros=told["cost"])

    def recover(self, order: SceneOrder) -> Running | None:
        """A job can't be asked for by an id of ours."""
        return None

    def cancel(self, remote_id: str) -> None:
        """A job can't be stopped."""


def _body(order: SceneOrder) -> dict[str, Any]:
    height, width = order.paint.shape
    usual = {"seed": order.seed, "output_format": "png", "safety_tolerance": 2}
    if order.model.id == FILL:
        files = {
            "image": in_base64(png(order.canvas)),
            "mask": in_base64(white_is_painted(order.paint)),
        }
        return {**usual, **files, "prompt": order.prompt, "steps": 50, "guidance": 30}
    image = in_base64(png(order.canvas))
    size = {"width": width, "height": height}
    return {**usual, **size, "prompt": order.prompt, "input_image": image}


def _cost(told: object) -> int | None:
    try:
        return round(float(str(told)) * _MICROS_PER_CREDIT)
    except ValueError:
        return None


def _refusal(answer: Answer) -> NoPicture:
    detail = str(answer.document().get("detail") or "")
    if answer.status == 404:
        return NoPicture(AttemptState.RETIRED, detail=detail)
    return verdict(answer, sentence=detail)
