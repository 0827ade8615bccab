"""A stand-in for a ComfyUI server: two statuses, an empty history that means three things."""

import uuid
from typing import Any

import numpy as np
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox.generator.provider_app import BadRequest, Broken, Stand, Wanted, now
from jewelrymodel.sandbox.generator.provider_faults import Fault, Job
from jewelrymodel.sandbox.generator.scene_painter import opened

_NODES = {
    "CheckpointLoaderSimple", "LoadImage", "CLIPTextEncode", "InpaintModelConditioning",
    "KSampler", "VAEDecode", "SaveImage", "UNETLoader", "DualCLIPLoader", "VAELoader",
    "FluxGuidance", "ConditioningZeroOut",
}  # fmt: skip
_BAD_FILE = {
    "error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed"},
    "node_errors": {"1": {"errors": [{"type": "value_not_in_list", "message": "not in list"}]}},
}
_SPOILT = {
    Fault.MODERATED: ("CensoredOutput", "refused by a node"),
    Fault.FAILED: ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied"),
    Fault.OVERLOADED: ("OutOfMemoryError", "Allocation on device"),
}
_UPLOADS: dict[str, bytes] = {}  # a server forgets them when it likes; this one when it ends


def routes(stand: Stand) -> list[Route]:
    """The addresses under ``/comfyui``."""

    async def upload(request: Request) -> Response:
        async with request.form() as form:
            part = form.get("image")
            if not isinstance(part, UploadFile):
                return Response(status_code=400)
            name = part.filename or "picture.png"
            if name in _UPLOADS and form.get("overwrite") != "true":
                name = name.replace(".", " (1).", 1)
            _UPLOADS[name] = await part.read()
        return JSONResponse({"name": name, "subfolder": "", "type": "input"})

    async def prompt(request: Request) -> Response:
        fault = stand.next_fault()
        if fault in (Fault.INVALID, Fault.RETIRED):
            return JSONResponse(_BAD_FILE, status_code=400)
        body = await request.json()
        try:
            job_id, wanted = _read(body)
        except (BadRequest, KeyError, TypeError, ValueError) as bad:
            error = {"error": {"type": "invalid_prompt", "message": str(bad)}, "node_errors": {}}
            return JSONResponse(error, status_code=400)
        job = await stand.keep("comfyui", fault, wanted, billed=0, job_id=job_id)
        if fault is Fault.DISCONNECT:
            return Broken()
        return JSONResponse({"prompt_id": job.id, "number": 1, "node_errors": {}})

    async def history(request: Request) -> Response:
        job = stand.job(request.path_params["job_id"])
        return JSONResponse({job.id: _entry(job)} if job and job.due <= now() else {})

    async def queue(request: Request) -> Response:
        with stand.store.transaction() as conn:
            rows = conn.execute(
                "SELECT id FROM provider_jobs WHERE provider = 'comfyui' AND due > ?"
                " AND fault <> 'lost'",
                (now(),),
            )
            running = [[n, row["id"], {}, {}, []] for n, row in enumerate(rows)]
        return JSONResponse({"queue_running": running, "queue_pending": []})

    async def nothing(request: Request) -> Response:
        return Response(status_code=200)

    async def view(request: Request) -> Response:
        job = stand.job(request.query_params["filename"].partition(".")[0])
        if job is None or job.fault is Fault.URL_GONE:
            return Response(status_code=404)
        return Response(job.picture or b"", media_type="image/png")

    return [
        Route("/comfyui/upload/image", upload, methods=["POST"]),
        Route("/comfyui/prompt", prompt, methods=["POST"]),
        Route("/comfyui/history/{job_id}", history),
        Route("/comfyui/queue", queue),
        Route("/comfyui/queue", nothing, methods=["POST"]),
        Route("/comfyui/interrupt", nothing, methods=["POST"]),
        Route("/comfyui/view", view),
    ]


def _entry(job: Job) -> dict[str, Any]:
    if job.fault in _SPOILT:
        kind, sentence = _SPOILT[job.fault]
        told = {"exception_type": kind, "exception_message": sentence}
        messages = [["execution_start", {}], ["execution_error", told]]
        return {"status": {"status_str": "error", "messages": messages}, "outputs": {}}
    image = {"filename": f"{job.id}.png", "subfolder": "", "type": "output"}
    outputs = {} if job.fault is Fault.NO_IMAGE else {"8": {"images": [image]}}
    status = {"status_str": "success", "completed": True, "messages": []}
    return {"status": status, "outputs": outputs}


def _read(body: dict[str, Any]) -> tuple[str, Wanted]:
    job_id = str(body["prompt_id"])
    if str(uuid.UUID(job_id)) != job_id:
        raise BadRequest("prompt_id must be a canonical UUID")
    if not body.get("client_id"):
        raise BadRequest("without a client_id, cached runs have empty outputs")
    seed, name = 0, ""
    for node in body["prompt"].values():
        if node["class_type"] not in _NODES:
            raise BadRequest(f"missing_node_type: {node['class_type']}")
        seed = int(node["inputs"].get("seed", seed))
        if node["class_type"] == "LoadImage":
            name = node["inputs"]["image"]
    if name not in _UPLOADS:
        raise BadRequest("Invalid image file")
    picture = opened(_UPLOADS[name])
    if picture.ndim != 3 or picture.shape[2] != 4:
        raise BadRequest("the picture has no alpha, so the mask is empty")
    return job_id, Wanted(np.ascontiguousarray(picture[..., :3]), 255 - picture[..., 3], seed)
