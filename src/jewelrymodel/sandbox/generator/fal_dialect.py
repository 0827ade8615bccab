"""A stand-in for fal's queue: jobs that always complete, signed webhooks, public results."""

import base64
import binascii
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox.generator.provider_app import KEY, BadRequest, Broken, Stand, Wanted, now
from jewelrymodel.sandbox.generator.provider_faults import RETRY_AFTER_S, Fault
from jewelrymodel.sandbox.generator.scene_painter import opened

MODEL = "fal-ai/flux-pro/v1/fill"
_APP = "fal-ai/flux-pro"  # addresses of a job lack the rest of the path
_FIELDS = {
    "prompt", "image_url", "mask_url", "seed", "sync_mode", "num_images", "output_format",
    "safety_tolerance", "enhance_prompt",
}  # fmt: skip
BILLED = 52_500
_REFUSALS: dict[Fault, tuple[int, object]] = {
    Fault.RETIRED: (404, "Application 'flux-pro' not found"),
    Fault.BAD_KEY: (401, "Authentication is required to access this application."),
    Fault.NO_CREDIT: (403, "User is locked. Reason: Exhausted balance."),
    Fault.BUSY: (429, "Rate limit exceeded."),
    Fault.BUSY_UNTIL: (429, "Rate limit exceeded."),
    Fault.OVERLOADED: (503, "Service unavailable."),
}
_POLICY = [{"loc": ["body", "prompt"], "msg": "The content could not be processed.",
            "type": "content_policy_violation", "url": "https://docs.fal.ai/errors"}]  # fmt: skip
_INVALID = [{"loc": ["body", "seed"], "msg": "Input should be a valid integer",
             "type": "int_parsing"}]  # fmt: skip
_FREE = {Fault.MODERATED, Fault.INVALID, Fault.FAILED}
_SIGNING = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"fal stand-in").digest())


def routes(stand: Stand) -> list[Route]:
    """The addresses under ``/fal``."""

    async def submit(request: Request) -> Response:
        if request.headers.get("authorization") != f"Key {KEY}":
            return _error(*_REFUSALS[Fault.BAD_KEY])
        fault = stand.next_fault()
        if refusal := _REFUSALS.get(fault):
            return _error(*refusal, again=fault is Fault.BUSY_UNTIL)
        try:
            wanted = _read(await request.json(), request.path_params["model"])
        except (BadRequest, KeyError, TypeError, ValueError) as bad:
            return _error(422, [{"loc": ["body"], "msg": str(bad), "type": "value_error"}])
        billed = 0 if fault in _FREE else BILLED
        hook = {"webhook": request.query_params.get("fal_webhook", "")}
        job = await stand.keep("fal", fault, wanted, billed=billed, note=hook)
        if fault is Fault.DISCONNECT:
            return Broken()
        url = f"{str(request.base_url).rstrip('/')}/fal/{_APP}/requests/{job.id}"
        return JSONResponse({
            "request_id": job.id, "gateway_request_id": job.id, "response_url": url,
            "status_url": f"{url}/status", "cancel_url": f"{url}/cancel", "queue_position": 0,
        })  # fmt: skip

    async def status(request: Request) -> Response:
        job = stand.job(request.path_params["job_id"])
        if job is None:
            return _error(404, "Request not found")
        if job.due > now():
            return JSONResponse({"status": "IN_PROGRESS", "request_id": job.id}, status_code=202)
        return JSONResponse({"status": "COMPLETED", "request_id": job.id})

    async def result(request: Request) -> Response:
        job = stand.job(request.path_params["job_id"])
        if job is None or job.due > now():
            return _error(404 if job is None else 400, "Request is still in progress")
        if job.fault is Fault.MODERATED:
            return _error(422, _POLICY)
        if job.fault is Fault.INVALID:
            return _error(422, _INVALID)
        if job.fault is Fault.FAILED:
            return _error(503, "Runner disconnected", kind="runner_disconnected")
        base = f"{str(request.base_url).rstrip('/')}/fal/files/{job.id}.png"
        url = base if job.fault is not Fault.FOREIGN_URL else "http://files.example/picture.png"
        images = [] if job.fault is Fault.NO_IMAGE else [{"url": url, "content_type": "image/png"}]
        flags = [job.fault is Fault.WITHHELD]
        return JSONResponse({"images": images, "seed": 1, "has_nsfw_concepts": flags})

    async def cancel(request: Request) -> Response:
        return JSONResponse({"status": "CANCELLATION_REQUESTED"}, status_code=202)

    job = f"/fal/{_APP}/requests/{{job_id}}"
    return [
        *_public(stand),
        Route(f"{job}/status", status),
        Route(f"{job}/cancel", cancel, methods=["PUT"]),
        Route(job, result),
        Route("/fal/{model:path}", submit, methods=["POST"]),
    ]


def _public(stand: Stand) -> list[Route]:
    """What everybody may fetch: results and the keys of signatures."""

    async def file(request: Request) -> Response:
        if "authorization" in request.headers:
            return _error(400, "The key is no business of a public address.")
        job = stand.job(request.path_params["job_id"])
        if job is None or job.fault is Fault.URL_GONE:
            return Response("gone", status_code=404)
        return Response(job.picture or b"", media_type="image/png")

    async def keys(request: Request) -> Response:
        public = _SIGNING.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        x = base64.urlsafe_b64encode(public).decode().rstrip("=")
        return JSONResponse({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "x": x}]})

    return [Route("/fal/.well-known/jwks.json", keys), Route("/fal/files/{job_id}.png", file)]


def signed(request_id: str, at: int) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a webhook for a job, as the stand-in sends it."""
    body = json.dumps({"request_id": request_id, "gateway_request_id": request_id,
                       "status": "OK", "payload": {}}).encode()  # fmt: skip
    user, digest = "user_stand_in", hashlib.sha256(body).hexdigest()
    message = "\n".join((request_id, user, str(at), digest)).encode()
    headers = {
        "X-Fal-Webhook-Request-Id": request_id,
        "X-Fal-Webhook-User-Id": user,
        "X-Fal-Webhook-Timestamp": str(at),
        "X-Fal-Webhook-Signature": _SIGNING.sign(message).hex(),
    }
    return headers, body


def _read(body: dict[str, Any], model: str) -> Wanted:
    if model != MODEL:
        raise BadRequest("Path not found")
    if strange := set(body) - _FIELDS:
        raise BadRequest(f"Unexpected field: {min(strange)}")
    if not body["prompt"] or int(body.get("num_images", 1)) not in range(1, 5):
        raise BadRequest("Input should be between 1 and 4")
    canvas, mask = _picture(body["image_url"]), _picture(body["mask_url"])
    if mask.shape[:2] != canvas.shape[:2]:
        raise BadRequest("Image and mask must have the same size")
    mask = mask if mask.ndim == 2 else mask[..., 0]
    return Wanted(canvas[..., :3], mask, int(body.get("seed", 0)))


def _picture(address: str) -> Any:
    head, _, data = address.partition(",")
    if head != "data:image/png;base64":
        raise BadRequest("The stand-in takes data URIs only")
    try:
        return opened(base64.b64decode(data, validate=True))
    except (OSError, binascii.Error):
        raise BadRequest("Failed to load the image") from None


def _error(status: int, detail: object, *, again: bool = False, kind: str = "") -> Response:
    headers = {"retry-after": str(RETRY_AFTER_S)} if again else {}
    if kind:
        headers["x-fal-error-type"] = kind
    return JSONResponse({"detail": detail}, status_code=status, headers=headers)
