"""What the demo bar shows on every page."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from jewelrymodel.demo.personas import present


def personas(request: HttpRequest) -> dict[str, object]:
    """Return the personas, looked up only when the bar is rendered."""
    return {"personas": SimpleLazyObject(present)}
