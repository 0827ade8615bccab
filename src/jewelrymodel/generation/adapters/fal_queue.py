"""fal's queue: a job with addresses of its own, which says that it is done and not how.

An invalid or refused job ends as COMPLETED like any other; only its result tells, and it may be
charged for where the runner had worked by then (fal's questions and answers on billing). The
webhook that fal can send is a hint to look, and never believed by itself. Checked against
fal.ai/docs and fal-client 1.0.3, never against the service.
"""

import json
from typing import Any

from jewelrymodel.generation.adapters.picture_files import data_uri
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

_ADDRESSES = ("status_url", "response_url", "cancel_url")
_HOW = "x-fal-error-type"
_INVALID = 422
_KEPT_S = 3600  # results lie on public addresses: for an hour
_NOBODY_TRIES_AGAIN = {
    "x-fal-no-retry": "1",
    "x-fal-object-lifecycle-preference": json.dumps({"expiration_duration_seconds": _KEPT_S}),
}


class FalQueue:
    """Speaks the queue of fill models, such as ``fal-ai/flux-pro/v1/fill``."""

    name = "fal"

    def __init__(self, access: ProviderAccess) -> None:
        self._http = ProviderHttp(access, {"authorization": f"Key {access.key}"})

    def submit(self, order: SceneOrder) -> Running:
        """Return the job."""
        body = {
            "prompt": order.prompt,
            "image_url": data_uri(order.canvas),
            "mask_url": data_uri(order.paint),
            "seed": order.seed,
            "num_images": 1,
            "output_format": "png",
            "safety_tolerance": "2",
        }
        hook = {"fal_webhook": order.webhook_url} if order.webhook_url else {}
        path = f"/{order.model.id}"
        answer = self._http.submit(path, json=body, params=hook, headers=_NOBODY_TRIES_AGAIN)
        if not answer.is_success:
            raise _refusal(answer)
        document = answer.document()
        request_id = str(document.get("request_id") or "")
        if not request_id or not all(document.get(name) for name in _ADDRESSES):
            raise NoPicture(AttemptState.UNKNOWN, detail="accepted without an id")
        told = {name: str(document[name]) for name in _ADDRESSES}
        return Running(json.dumps({**told, "request_id": request_id}), request_id)

    def look(self, remote_id: str) -> Picture | None:
        """Return the picture of a job that is done."""
        told = json.loads(remote_id)
        status = self._http.ask(told["status_url"])
        if status is None or status.status == 429 or status.status >= 500:
            return None
        if not status.is_success:
            raise NoPicture(AttemptState.UNKNOWN, detail=f"polled: HTTP {status.status}")
        if status.document().get("status") != "COMPLETED":
            return None
        result = self._http.ask(told["response_url"])
        if result is None or _is_of_gateway(result):
            return None
        if not result.is_success:
            raise _refusal(result, is_result=True)
        return Picture(self._http.picture(_address(result.document())), told["request_id"])

    def recover(self, order: SceneOrder) -> Running | None:
        """A job can't be asked for by an id of ours."""
        return None

    def cancel(self, remote_id: str) -> None:
        """Ask to stop; one that runs may go on."""
        self._http.ask(json.loads(remote_id)["cancel_url"], method="PUT")


def _address(document: dict[str, Any]) -> str:
    flags = document.get("has_nsfw_concepts")
    if isinstance(flags, list) and any(flags):  # then the picture is black
        raise NoPicture(AttemptState.WITHHELD, detail="has_nsfw_concepts")
    images = document.get("images")
    first = images[0] if isinstance(images, list) and images else None
    if not isinstance(first, dict) or not first.get("url"):
        raise nothing_in("COMPLETED without an image")
    return str(first["url"])


def _is_of_gateway(answer: Answer) -> bool:
    """Whether a result couldn't be handed out just now; how its job ended, fal says by a header."""
    return (answer.status == 429 or answer.status >= 500) and _HOW not in answer.headers


def _refusal(answer: Answer, *, is_result: bool = False) -> NoPicture:
    detail = answer.document().get("detail")
    rows = detail if isinstance(detail, list) else []
    kinds = {str(one.get("type")) for one in rows if isinstance(one, dict)}
    sentence = f"{answer.headers.get(_HOW, '')} {detail}"
    if "content_policy_violation" in kinds:
        state = AttemptState.WITHHELD if is_result else AttemptState.REFUSED
        return NoPicture(state, detail=sentence)
    if answer.status == 404 and not is_result:
        return NoPicture(AttemptState.RETIRED, detail=sentence)
    end = verdict(answer, sentence=sentence)
    end.had_worked = is_result and answer.status == _INVALID
    return end
