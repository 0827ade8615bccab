"""Refusals, in the shape and with the codes that the processor's clients know."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The request is refused; `doc()` is the error object that the client is sent."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.more = more

    @property
    def before_acting(self) -> bool:
        """Whether the parameters alone were wrong: such an answer is not kept under its key."""
        return (self.code or "").startswith("parameter_")

    def doc(self, request_id: str) -> dict[str, Any]:
        """The body of the answer."""
        error: dict[str, Any] = {"type": self.kind, "message": str(self)}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        return {"error": {**error, **self.more, "request_log_url": None, "request": request_id}}


def missing(param: str) -> Refused:
    """A required parameter was not sent."""
    return Refused(f"Missing required param: {param}.", code="parameter_missing", param=param)


def invalid(param: str, message: str) -> Refused:
    """A parameter has a value that cannot be used."""
    return Refused(message, code="parameter_invalid", param=param)


def no_such(kind: str, object_id: str, *, param: str = "id", status: int = 404) -> Refused:
    """No object of this kind has that id."""
    name = kind.rpartition(".")[2]
    return Refused(
        f"No such {name}: '{object_id}'", status=status, code="resource_missing", param=param
    )
