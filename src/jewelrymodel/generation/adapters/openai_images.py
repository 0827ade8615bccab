"""OpenAI's image edits: one call that answers with the picture, or with why not.

There is no job id, no seed and no idempotency key: an answer that is lost is lost. The mask is a
hint to the model and no boundary. Checked against the package openai 3.57.0, never against the
service.
"""

import base64
import binascii
from typing import Any

from jewelrymodel.generation.adapters.picture_files import png, transparent_is_painted
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

QUALITY = "medium"
_REFUSED = {"moderation_blocked", "content_policy_violation", "safety_violation"}
_LOCKED_OUT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
_RETIRED = {"model_not_found", "deprecated_model", "model_deprecated"}
_MICROS_PER_TOKEN = {"text": 5, "image": 8, "output": 30}


class OpenAIImages:
    """Speaks ``/v1/images/edits``."""

    name = "openai"

    def __init__(self, access: ProviderAccess) -> None:
        self._http = ProviderHttp(access, {"authorization": f"Bearer {access.key}"})

    def submit(self, order: SceneOrder) -> Picture:
        """Return the picture, once it is made: minutes, at times."""
        height, width = order.paint.shape
        fields = {
            "model": order.model.id,
            "prompt": order.prompt,
            "n": "1",
            "size": f"{width}x{height}",
            "quality": QUALITY,
            "output_format": "png",
            "background": "opaque",
        }
        if order.customer:
            fields["safety_identifier"] = order.customer
        mask = transparent_is_painted(order.canvas, order.paint)
        files = {
            "image": ("canvas.png", png(order.canvas), "image/png"),
            "mask": ("mask.png", mask, "image/png"),
        }
        answer = self._http.submit("/v1/images/edits", data=fields, files=files)
        if not answer.is_success:
            raise _refusal(answer)
        return _picture(answer)

    def look(self, remote_id: str) -> None:
        """There are no jobs."""
        raise NoPicture(AttemptState.UNKNOWN, detail=f"no job {remote_id}: there are none")

    def recover(self, order: SceneOrder) -> Running | None:
        """Nothing can be asked for again."""
        return None

    def cancel(self, remote_id: str) -> None:
        """Nothing can be stopped."""


def _picture(answer: Answer) -> Picture:
    document = answer.document()
    rows = document.get("data")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    try:
        data = base64.b64decode(str(first.get("b64_json") or ""), validate=True)
    except (ValueError, binascii.Error):
        data = b""
    if not data:
        raise nothing_in("HTTP 200 without an image")
    request_id = answer.headers.get("x-request-id", "")
    return Picture(data, request_id=request_id, cost_micros=_cost(document.get("usage")))


def _cost(usage: Any) -> int | None:
    """The price of the tokens that were counted, None where they can't be read."""
    try:
        inputs = usage["input_tokens_details"]
        tokens = {
            "text": int(inputs["text_tokens"]),
            "image": int(inputs["image_tokens"]),
            "output": int(usage["output_tokens"]),
        }
    except (KeyError, TypeError, ValueError):
        return None
    return sum(_MICROS_PER_TOKEN[kind] * max(count, 0) for kind, count in tokens.items())


def _refusal(answer: Answer) -> NoPicture:
    error = answer.document().get("error")
    error = error if isinstance(error, dict) else {}
    code, sentence = str(error.get("code") or ""), str(error.get("message") or "")
    if code in _REFUSED:
        return NoPicture(AttemptState.REFUSED, detail=f"{code} {sentence}")
    if code in _LOCKED_OUT:
        return NoPicture(AttemptState.LOCKED_OUT, detail=f"{code} {sentence}")
    if code in _RETIRED or answer.status == 404:
        return NoPicture(AttemptState.RETIRED, detail=f"{code} {sentence}")
    return verdict(answer, sentence=f"{code} {sentence}", errors_are_free=False)
