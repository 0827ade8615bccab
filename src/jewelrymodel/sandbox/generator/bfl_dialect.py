"""A stand-in for Black Forest Labs: a job, the address to poll it at, a file that lives minutes."""

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox.generator.provider_app import KEY, BadRequest, Broken, Stand, Wanted, now
from jewelrymodel.sandbox.generator.provider_faults import RETRY_AFTER_S, Fault, Job
from jewelrymodel.sandbox.generator.scene_painter import opened

FILL, EDIT = "flux-pro-1.0-fill", "flux-2-pro"
_FIELDS = {
    FILL: {"image", "mask", "prompt", "steps", "guidance", "seed", "output_format",
           "safety_tolerance", "prompt_upsampling", "webhook_url", "webhook_secret"},
    EDIT: {"input_image", "prompt", "width", "height", "seed", "output_format",
           "safety_tolerance", "webhook_url", "webhook_secret"},
}  # fmt: skip
CREDITS = 5.0
BILLED = int(CREDITS * 10_000)
_REFUSALS: dict[Fault, tuple[int, str]] = {
    Fault.INVALID: (422, "Field 'steps' is out of range."),
    Fault.RETIRED: (404, "Not Found"),
    Fault.BAD_KEY: (403, "Not authenticated - Invalid Authentication"),
    Fault.NO_CREDIT: (402, "Insufficient credits."),
    Fault.BUSY: (429, "Too many active tasks."),
    Fault.BUSY_UNTIL: (429, "Too many active tasks."),
    Fault.OVERLOADED: (503, "Service unavailable."),
}
_ENDS = {
    Fault.MODERATED: "Request Moderated",
    Fault.WITHHELD: "Content Moderated",
    Fault.FAILED: "Error",
}


def routes(stand: Stand) -> list[Route]:
    """The addresses under ``/bfl``."""

    async def submit(request: Request) -> Response:
        if request.headers.get("x-key") != KEY:
            return _error(*_REFUSALS[Fault.BAD_KEY])
        fault = stand.next_fault()
        if refusal := _REFUSALS.get(fault):
            return _error(*refusal, again=fault is Fault.BUSY_UNTIL)
        try:
            wanted = _read(await request.json(), request.path_params["model"])
        except (BadRequest, KeyError, TypeError, ValueError) as bad:
            return _error(422, str(bad))
        billed = BILLED if fault not in _ENDS else 0
        job = await stand.keep("bfl", fault, wanted, billed=billed)
        if fault is Fault.DISCONNECT:
            return Broken()
        url = f"{_base(request)}/bfl/v1/get_result?id={job.id}"
        told = {"id": job.id, "polling_url": url, "cost": CREDITS if billed else 0.0}
        return JSONResponse(told)

    async def poll(request: Request) -> Response:
        if request.headers.get("x-key") != KEY:
            return _error(*_REFUSALS[Fault.BAD_KEY])
        job = stand.job(request.query_params.get("id", ""))
        if job is None:
            body = {"id": request.query_params.get("id", ""), "status": "Task not found"}
            return JSONResponse(body, status_code=404)
        return JSONResponse(_state(job, _base(request)))

    async def file(request: Request) -> Response:
        if "x-key" in request.headers:
            return _error(400, "The key is no business of the delivery host.")
        job = stand.job(request.path_params["job_id"])
        if job is None or job.fault is Fault.URL_GONE:
            return Response("AuthenticationFailed", status_code=403)
        return Response(job.picture or b"", media_type="image/png")

    return [
        Route("/bfl/v1/get_result", poll),
        Route("/bfl/delivery/{job_id}", file),
        Route("/bfl/v1/{model:path}", submit, methods=["POST"]),
    ]


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _state(job: Job, base: str) -> dict[str, Any]:
    if job.due > now():
        return {"id": job.id, "status": "Pending", "result": None, "progress": 0.4}
    if end := _ENDS.get(job.fault):
        return {"id": job.id, "status": end, "result": None}
    url = f"{base}/bfl/delivery/{job.id}"
    if job.fault is Fault.FOREIGN_URL:
        url = f"http://files.example/{job.id}"
    sample = {} if job.fault is Fault.NO_IMAGE else {"sample": url}
    return {"id": job.id, "status": "Ready", "result": sample}


def _read(body: dict[str, Any], model: str) -> Wanted:
    if model not in _FIELDS:
        raise BadRequest("Not Found")
    if strange := set(body) - _FIELDS[model]:
        raise BadRequest(f"Extra inputs are not permitted: {min(strange)}")
    if not isinstance(body["prompt"], str) or body["output_format"] not in ("png", "jpeg", "webp"):
        raise BadRequest("Field required: prompt, output_format")
    seed = int(body.get("seed", 0))
    if model == EDIT:
        canvas = _picture(body["input_image"])
        size = (int(body["width"]), int(body["height"]))
        if any(edge % 16 or edge < 64 for edge in size):
            raise BadRequest("width and height are multiples of 16")
        return Wanted(canvas[..., :3], None, seed)
    if not 15 <= int(body["steps"]) <= 50 or not 1.5 <= float(body["guidance"]) <= 100:
        raise BadRequest("Field 'steps' or 'guidance' is out of range.")
    canvas, mask = _picture(body["image"]), _picture(body["mask"])
    if mask.shape[:2] != canvas.shape[:2]:
        raise BadRequest("The mask must have the dimensions of the image.")
    return Wanted(canvas[..., :3], mask if mask.ndim == 2 else mask[..., 0], seed)


def _picture(data: object) -> Any:
    try:
        return opened(base64.b64decode(str(data), validate=True))
    except (OSError, binascii.Error):
        raise BadRequest("An image can't be read.") from None


def _error(status: int, sentence: str, *, again: bool = False) -> Response:
    headers = {"retry-after": str(RETRY_AFTER_S)} if again else {}
    return JSONResponse({"detail": sentence}, status_code=status, headers=headers)
