"""A stand-in for Google's Gemini image models: strict, and no friend of masks."""

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox.generator.provider_app import KEY, BadRequest, Broken, Stand, Wanted
from jewelrymodel.sandbox.generator.provider_faults import RETRY_AFTER_S, Fault
from jewelrymodel.sandbox.generator.scene_painter import opened, resized

MODELS = {"gemini-nano-banana-2.1", "gemini-3-pro-image"}
SIZES = {"1:1": (1024, 1024), "4:5": (928, 1152), "3:4": (896, 1200), "9:16": (768, 1376),
         "16:9": (1376, 768), "5:4": (1152, 928), "4:3": (1200, 896), "2:3": (848, 1264),
         "3:2": (1264, 848)}  # fmt: skip
_TOKENS = {"promptTokenCount": 600, "candidatesTokenCount": 1120, "totalTokenCount": 1720}
BILLED = 600 * 3 // 2 + 1120 * 30
_REFUSALS: dict[Fault, tuple[int, str, str]] = {
    Fault.INVALID: (400, "INVALID_ARGUMENT", "Invalid value at 'generation_config'."),
    Fault.RETIRED: (404, "NOT_FOUND", "The model is not found for API version v1beta."),
    Fault.BAD_KEY: (400, "INVALID_ARGUMENT", "API key not valid."),
    Fault.NO_CREDIT: (400, "FAILED_PRECONDITION", "Billing is not enabled."),
    Fault.BUSY: (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."),
    Fault.BUSY_UNTIL: (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."),
    Fault.OVERLOADED: (503, "UNAVAILABLE", "The model is overloaded."),
    Fault.FAILED: (500, "INTERNAL", "An internal error has occurred."),
}
_ENDS = {Fault.NO_IMAGE: "NO_IMAGE", Fault.WITHHELD: "IMAGE_SAFETY"}


def routes(stand: Stand) -> list[Route]:
    """The addresses under ``/gemini``."""

    async def generate(request: Request) -> Response:
        if request.headers.get("x-goog-api-key") != KEY:
            return _error(Fault.BAD_KEY)
        fault = stand.next_fault()
        if fault in _REFUSALS:
            return _error(fault)
        try:
            wanted = _read(await request.json(), request.path_params["model"])
        except (BadRequest, KeyError, TypeError, ValueError) as bad:
            sentence = str(bad) or "Invalid JSON payload received."
            return _answer(400, "INVALID_ARGUMENT", sentence, [])
        if fault is Fault.MODERATED:
            return JSONResponse({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
        billed = 0 if fault is Fault.WITHHELD else BILLED
        job = await stand.keep("gemini", fault, wanted, billed=billed)
        if fault in (Fault.DISCONNECT, Fault.LOST):
            return Broken()
        data = base64.b64encode(job.picture or b"").decode()
        parts: list[dict[str, Any]] = [{"inlineData": {"mimeType": "image/png", "data": data}}]
        candidate: dict[str, Any] = {"content": {"parts": parts}, "finishReason": "STOP"}
        if fault in _ENDS:
            candidate = {"content": {}, "finishReason": _ENDS[fault]}
        body = {"candidates": [candidate], "modelVersion": request.path_params["model"]}
        if fault is not Fault.WITHHELD:
            body["usageMetadata"] = _TOKENS
        return JSONResponse({**body, "responseId": f"resp_{job.id}"})

    path = "/gemini/v1beta/models/{model}:generateContent"
    return [Route(path, generate, methods=["POST"])]


def _read(body: dict[str, Any], model: str) -> Wanted:
    if model not in MODELS:
        raise BadRequest("The model is not found.")
    if strange := set(body) - {"contents", "generationConfig", "safetySettings"}:
        raise BadRequest(f"Unknown name '{min(strange)}'.")
    config = body["generationConfig"]
    if config["responseModalities"] != ["IMAGE"]:
        raise BadRequest("An image was not asked for.")
    image = config["imageConfig"]
    if image["aspectRatio"] not in SIZES or image["imageSize"] not in ("1K", "2K", "4K"):
        raise BadRequest("Invalid value at 'generation_config.image_config'.")
    texts, pictures = [], []
    for part in body["contents"][0]["parts"]:
        if "text" in part:
            texts.append(str(part["text"]))
        else:
            pictures.append(_picture(part["inlineData"]))
    if not texts or len(pictures) != 1:
        raise BadRequest("This stand-in takes one picture and some words.")
    canvas = resized(pictures[0][..., :3], SIZES[image["aspectRatio"]])
    return Wanted(canvas, None, len(texts[0]))


def _picture(part: dict[str, Any]) -> Any:
    if part["mimeType"] not in ("image/png", "image/jpeg", "image/webp"):
        raise BadRequest("Unsupported MIME type.")
    try:
        return opened(base64.b64decode(part["data"], validate=True))
    except (OSError, binascii.Error):
        raise BadRequest("Unable to process input image.") from None


def _error(fault: Fault) -> Response:
    status, word, sentence = _REFUSALS[fault]
    details: list[dict[str, str]] = []
    if fault is Fault.BAD_KEY:
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "API_KEY_INVALID"}]  # fmt: skip
    if fault is Fault.BUSY_UNTIL:
        details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo",
                    "retryDelay": f"{RETRY_AFTER_S}s"}]  # fmt: skip
    return _answer(status, word, sentence, details)


def _answer(status: int, word: str, sentence: str, details: list[dict[str, str]]) -> Response:
    error = {"code": status, "message": sentence, "status": word, "details": details}
    return JSONResponse({"error": error}, status_code=status)
