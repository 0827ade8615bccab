"""Google's Gemini image models: one call, no mask, and a success that may hold no picture.

A mask can't be sent; what is to stay is said in words, and the scene is registered afterwards. The
size is one of the service's own. Checked against the package google-genai 3.6.1, never against the
service.
"""

import base64
import binascii
import math
from typing import Any

from jewelrymodel.generation.adapters.picture_files import in_base64, png
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

RATIOS = {"1:1": 1.0, "4:5": 0.8, "3:4": 0.75, "2:3": 2 / 3, "9:16": 9 / 16, "5:4": 1.25,
          "4:3": 4 / 3, "3:2": 1.5, "16:9": 16 / 9}  # fmt: skip
WITHHELD = {
    "SAFETY", "IMAGE_SAFETY", "PROHIBITED_CONTENT", "IMAGE_PROHIBITED_CONTENT", "RECITATION",
    "IMAGE_RECITATION", "SPII", "BLOCKLIST",
}  # fmt: skip
_MICROS_PER_TOKEN = {"promptTokenCount": 1.5, "candidatesTokenCount": 30.0}


class GeminiImages:
    """Speaks ``:generateContent``."""

    name = "gemini"

    def __init__(self, access: ProviderAccess) -> None:
        self._http = ProviderHttp(access, {"x-goog-api-key": access.key})

    def submit(self, order: SceneOrder) -> Picture:
        """Return the picture, once it is made."""
        image = {"mimeType": "image/png", "data": in_base64(png(order.canvas))}
        ratio = nearest_ratio(order.canvas.shape[1] / order.canvas.shape[0])
        body = {
            "contents": [
                {"role": "user", "parts": [{"text": order.prompt}, {"inlineData": image}]}
            ],
            "generationConfig": {
                "responseModalities": ["IMAGE"],
                "imageConfig": {"aspectRatio": ratio, "imageSize": "1K"},
            },
        }
        path = f"/v1beta/models/{order.model.id}:generateContent"
        answer = self._http.submit(path, json=body)
        if not answer.is_success:
            raise _refusal(answer)
        return _picture(answer.document())

    def look(self, remote_id: str) -> None:
        """There are no jobs."""
        raise NoPicture(AttemptState.UNKNOWN, detail=f"no job {remote_id}: there are none")

    def recover(self, order: SceneOrder) -> Running | None:
        """Nothing can be asked for again."""
        return None

    def cancel(self, remote_id: str) -> None:
        """Nothing can be stopped."""


def nearest_ratio(ratio: float) -> str:
    """Return the name of the offered ratio (width to height) nearest to *ratio*."""
    return min(RATIOS, key=lambda name: abs(math.log(RATIOS[name] / ratio)))


def _picture(document: dict[str, Any]) -> Picture:
    blocked = _inner(document, "promptFeedback").get("blockReason")
    if blocked:
        raise NoPicture(AttemptState.REFUSED, detail=str(blocked))
    candidates = document.get("candidates")
    first = candidates[0] if isinstance(candidates, list) and candidates else {}
    first = first if isinstance(first, dict) else {}
    cost = _cost(_inner(document, "usageMetadata"))
    parts = _inner(first, "content").get("parts")
    for part in parts if isinstance(parts, list) else []:
        data = _inner(part, "inlineData").get("data") if isinstance(part, dict) else None
        if data and not part.get("thought"):
            request_id, version = str(document.get("responseId", "")), document.get("modelVersion")
            return Picture(_decoded(str(data)), request_id, str(version or ""), cost)
    ended = str(first.get("finishReason") or "no candidate")
    if ended in WITHHELD:
        raise NoPicture(AttemptState.WITHHELD, detail=ended, cost_micros=cost)
    raise nothing_in(f"HTTP 200 without an image: {ended}")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise nothing_in("an image that is no base64") from None


def _cost(usage: dict[str, Any]) -> int | None:
    """The price of the tokens that were counted, None where they can't be read."""
    try:
        return round(sum(int(usage[name]) * price for name, price in _MICROS_PER_TOKEN.items()))
    except (KeyError, TypeError, ValueError):
        return None


def _inner(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _refusal(answer: Answer) -> NoPicture:
    error = _inner(answer.document(), "error")
    word, sentence = str(error.get("status") or ""), str(error.get("message") or "")
    details = [one for one in error.get("details") or [] if isinstance(one, dict)]
    reasons = {str(one.get("reason")) for one in details}
    detail = f"{word} {sentence}"
    if word == "FAILED_PRECONDITION" or "API_KEY_INVALID" in reasons:  # no billing, or no such key
        return NoPicture(AttemptState.LOCKED_OUT, detail=detail)
    if answer.status == 404:
        return NoPicture(AttemptState.RETIRED, detail=detail)
    ended = verdict(answer, sentence=detail, errors_are_free=False)
    waits = [str(one["retryDelay"]) for one in details if "retryDelay" in one]
    if waits and not ended.retry_after:
        ended.retry_after = waits[0].removesuffix("s")
    return ended
