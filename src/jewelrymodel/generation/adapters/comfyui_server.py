"""A ComfyUI server of the operator's: a workflow with named inputs, and a job under an id of ours.

The server asks nobody who they are, so it stays private. Its nodes are found by their titles:
"canvas" (loads the picture, whose transparent part is painted), "prompt", "seed" and "result".
Checked against the documentation of version 0.36, never against a server.
"""

import copy
import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jewelrymodel.generation.adapters.picture_files import transparent_is_painted
from jewelrymodel.generation.adapters.provider import (
    NoPicture,
    Picture,
    ProviderAccess,
    Running,
    SceneOrder,
)
from jewelrymodel.generation.adapters.provider_http import (
    ProviderHttp,
    ResultLater,
    nothing_in,
    verdict,
)
from jewelrymodel.generation.statuses import AttemptState
from jewelrymodel.kernel.errors import CodedError

WORKFLOWS = Path(__file__).parent / "comfyui_workflows"
_INPUTS = {"canvas": "image", "prompt": "text", "seed": "seed"}
_RESULT = "result"
_NAMESPACE = uuid.UUID("6b1f2f0c-0c1c-4a1e-9f61-6f3f3c5f0a42")


class WorkflowUnusable(CodedError):
    """A workflow isn't there, isn't in the format of the API, or lacks a node by its title."""


class ComfyServer:
    """Speaks ``/upload/image``, ``/prompt``, ``/history``, ``/queue`` and ``/view``."""

    name = "comfyui"

    def __init__(self, access: ProviderAccess) -> None:
        self._http = ProviderHttp(access, {})
        self._file = access.workflow

    def submit(self, order: SceneOrder) -> Running:
        """Return the job, after the picture was uploaded."""
        file = (f"{order.attempt_id}.png", transparent_is_painted(order.canvas, order.paint))
        upload = self._http.ask(
            "/upload/image",
            method="POST",
            files={"image": (*file, "image/png")},
            data={"overwrite": "true"},
        )
        if upload is None or upload.status >= 500:
            raise NoPicture(AttemptState.NOT_NOW, detail="upload")
        name = upload.document().get("name")
        if not upload.is_success or not name:
            raise verdict(upload, sentence="upload")
        where = str(upload.document().get("subfolder") or "")
        given = {"canvas": f"{where}/{name}" if where else str(name), "prompt": order.prompt}
        job_id = job_id_of(order.attempt_id)
        body = {
            "prompt": filled_in(workflow(self._file or order.model.id), given, order.seed),
            "client_id": job_id,
            "prompt_id": job_id,
        }
        answer = self._http.submit("/prompt", json=body)
        document = answer.document()
        if not answer.is_success or document.get("node_errors"):
            told = document.get("error") or document.get("node_errors")
            raise (
                verdict(answer, sentence=str(told))
                if not answer.is_success
                else NoPicture(AttemptState.INVALID, detail=str(told))
            )
        return Running(str(document.get("prompt_id") or job_id), job_id)

    def look(self, remote_id: str) -> Picture | None:
        """Return the picture of a job that succeeded; one that the server forgot is unknown."""
        for _ in range(2):  # it may go from the queue to the history between both looks
            history = self._http.ask(f"/history/{remote_id}")
            if history is None or not history.is_success:
                return None
            if job := history.document().get(remote_id):
                return self._picture(job, remote_id)
            if self._is_queued(remote_id) is not False:
                return None
        raise NoPicture(AttemptState.UNKNOWN, detail="neither queued nor in the history")

    def recover(self, order: SceneOrder) -> Running | None:
        """Return the job under our id, where the server has it."""
        job_id = job_id_of(order.attempt_id)
        history = self._http.ask(f"/history/{job_id}")
        known = history is not None and job_id in history.document()
        return Running(job_id, job_id) if known or self._is_queued(job_id) else None

    def cancel(self, remote_id: str) -> None:
        """Take it out of the queue, and stop it where it runs."""
        self._http.ask("/queue", method="POST", json={"delete": [remote_id]})
        self._http.ask("/interrupt", method="POST", json={"prompt_id": remote_id})

    def _is_queued(self, job_id: str) -> bool | None:
        answer = self._http.ask("/queue")
        if answer is None or not answer.is_success:
            return None
        lists = [answer.document().get(name) or [] for name in ("queue_running", "queue_pending")]
        rows = [row for one in lists for row in one]
        return any(isinstance(row, list) and job_id in row[:2] for row in rows)

    def _picture(self, job: dict[str, Any], job_id: str) -> Picture:
        status = job.get("status") or {}
        if status.get("status_str") != "success":
            raise _failure(status.get("messages") or [])
        for node in (job.get("outputs") or {}).values():
            for image in node.get("images") or []:
                if image.get("type") == "output":
                    names = ("filename", "subfolder", "type")
                    query = urlencode({name: image.get(name, "") for name in names})
                    file = self._http.ask(f"/view?{query}")
                    if file is None or file.status >= 500:
                        raise ResultLater(job=job_id)
                    if not file.is_success:
                        raise nothing_in(f"result is gone: HTTP {file.status}")
                    return Picture(file.body, job_id)
        raise nothing_in("success without an output")


def job_id_of(attempt_id: str) -> str:
    """Return the job id for a request of ours: always the same, in the form that servers take."""
    return str(uuid.uuid5(_NAMESPACE, attempt_id))


def workflow(name: str) -> dict[str, Any]:
    """Return a workflow, by its path or as shipped; raises WorkflowUnusable."""
    path = Path(name) if name.endswith(".json") else WORKFLOWS / f"{name}.json"
    try:
        nodes: dict[str, Any] = json.loads(path.read_text())
        titles = {str(node["_meta"]["title"]) for node in nodes.values()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise WorkflowUnusable(file=path.name) from None
    if missing := {*_INPUTS, _RESULT} - titles:
        raise WorkflowUnusable(file=path.name, missing=", ".join(sorted(missing)))
    return nodes


def filled_in(nodes: dict[str, Any], given: dict[str, str], seed: int) -> dict[str, Any]:
    """Return a workflow with what an order puts into its named nodes."""
    made = copy.deepcopy(nodes)
    for node in made.values():
        title = node["_meta"]["title"]
        if title in _INPUTS:
            node["inputs"][_INPUTS[title]] = seed if title == "seed" else given[title]
    return made


def _failure(messages: list[Any]) -> NoPicture:
    events = {row[0]: row[1] for row in messages if isinstance(row, list) and len(row) == 2}
    error = events.get("execution_error", {})
    detail = f"{error.get('exception_type', '')} {error.get('exception_message', '')}".strip()
    if "OutOfMemory" in detail:
        return NoPicture(AttemptState.NOT_NOW, detail=detail)
    return nothing_in(detail or ", ".join(events))
