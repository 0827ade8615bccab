"""A stand-in for OpenAI's image edits, as strict as the reference says the service is."""

import base64
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox.generator.provider_app import KEY, BadRequest, Broken, Stand, Wanted
from jewelrymodel.sandbox.generator.provider_faults import RETRY_AFTER_S, Fault
from jewelrymodel.sandbox.generator.scene_painter import opened

MODELS = {
    "gpt-image-2.6-flare", "gpt-image-2.6-sunburst", "gpt-image-2.5-sunburst-2026-09-08",
    "gpt-image-2-2026-04-21",
}  # fmt: skip
_FIELDS = {
    "model", "prompt", "n", "size", "quality", "output_format", "background", "safety_identifier",
    "output_compression", "moderation", "complexity", "image", "image[]", "mask", "markup", "user",
}  # fmt: skip
_USAGE = {
    "total_tokens": 3300,
    "input_tokens": 1250,
    "output_tokens": 2050,
    "input_tokens_details": {"text_tokens": 250, "image_tokens": 1000},
}
BILLED = 250 * 5 + 1000 * 8 + 2050 * 30
_REFUSALS: dict[Fault, tuple[int, str, str]] = {
    Fault.MODERATED: (400, "moderation_blocked", "Your request was rejected by our safety system."),
    Fault.WITHHELD: (400, "moderation_blocked", "The generated image was rejected."),
    Fault.INVALID: (400, "invalid_value", "Invalid value: 'size'."),
    Fault.RETIRED: (404, "model_not_found", "The model has been deprecated."),
    Fault.BAD_KEY: (401, "invalid_api_key", "Incorrect API key provided."),
    Fault.NO_CREDIT: (429, "insufficient_quota", "You exceeded your current quota."),
    Fault.BUSY: (429, "rate_limit_exceeded", "Rate limit reached."),
    Fault.BUSY_UNTIL: (429, "rate_limit_exceeded", "Rate limit reached."),
    Fault.OVERLOADED: (503, "server_overloaded", "The server is overloaded."),
    Fault.FAILED: (500, "server_error", "The server had an error."),
}


def routes(stand: Stand) -> list[Route]:
    """The addresses under ``/openai``."""

    async def edit(request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_api_key", "Incorrect API key provided.")
        fault = stand.next_fault()
        if refusal := _REFUSALS.get(fault):
            return _error(*refusal, again=fault is Fault.BUSY_UNTIL)
        try:
            async with request.form() as form:
                wanted = await _read(form)
        except BadRequest as bad:
            return _error(400, "invalid_value", str(bad))
        job = await stand.keep("openai", fault, wanted, billed=BILLED)
        if fault in (Fault.DISCONNECT, Fault.LOST):
            return Broken()
        data: list[dict[str, Any]] = [{"b64_json": base64.b64encode(job.picture or b"").decode()}]
        body = {
            "created": int(job.due),
            "data": [] if fault is Fault.NO_IMAGE else data,
            "size": f"{wanted.canvas.shape[1]}x{wanted.canvas.shape[0]}",
            "quality": "medium",
            "background": "opaque",
            "output_format": "png",
            "usage": _USAGE,
        }
        return JSONResponse(body, headers={"x-request-id": f"req_{job.id}"})

    return [Route("/openai/v1/images/edits", edit, methods=["POST"])]


async def _read(form: FormData) -> Wanted:
    if strange := set(form) - _FIELDS:
        raise BadRequest(f"Unknown parameter: '{min(strange)}'.")
    if form.get("model") not in MODELS:
        raise BadRequest("Invalid value: 'model'.")
    prompt = form.get("prompt")
    if not isinstance(prompt, str) or not 0 < len(prompt) <= 32_000:
        raise BadRequest("Invalid value: 'prompt'.")
    canvas, mask = [await _picture(form.get(name), name) for name in ("image", "mask")]
    if mask.shape[:2] != canvas.shape[:2]:
        raise BadRequest("The mask must have the size of the image.")
    if mask.ndim != 3 or mask.shape[2] != 4:
        raise BadRequest("The mask has no alpha channel.")
    _check_size(str(form.get("size", "auto")))
    if form.get("quality") not in ("low", "medium", "high", "xhigh", "max", "auto"):
        raise BadRequest("Invalid value: 'quality'.")
    return Wanted(canvas[..., :3], 255 - mask[..., 3], len(prompt))


async def _picture(part: object, name: str) -> Any:
    if not isinstance(part, UploadFile) or part.content_type != "image/png":
        raise BadRequest(f"'{name}' must be a PNG file.")
    data = await part.read()
    if len(data) > (4_000_000 if name == "mask" else 50_000_000):
        raise BadRequest(f"'{name}' is too large.")
    try:
        return opened(data)
    except OSError:
        raise BadRequest(f"'{name}' can't be read.") from None


def _check_size(size: str) -> None:
    if size == "auto":
        return
    try:
        width, height = (int(edge) for edge in size.split("x"))
    except ValueError:
        raise BadRequest("Invalid value: 'size'.") from None
    fits = width % 16 == 0 and height % 16 == 0 and max(width, height) <= 3840
    if not fits or not 1 / 3 <= width / height <= 3:
        raise BadRequest("Invalid value: 'size': edges are multiples of 16, at most 3840.")
    if not 655_360 <= width * height <= 8_294_400:
        raise BadRequest("Invalid value: 'size': too few or too many pixels.")


def _error(status: int, code: str, sentence: str, *, again: bool = False) -> JSONResponse:
    kind = "invalid_request_error" if status == 400 else "api_error"
    error = {"message": sentence, "type": kind, "param": None, "code": code}
    headers = {"retry-after": str(RETRY_AFTER_S)} if again else {}
    return JSONResponse({"error": error}, status_code=status, headers=headers)
