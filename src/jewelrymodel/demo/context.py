"""What the demo bar shows on every page."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from jewelrymodel.demo.personas import present
from jewelrymodel.infra import clock


def personas(request: HttpRequest) -> dict[str, object]:
    """Return the personas, and the demo's time where it was moved; looked up only when rendered."""
    moved = SimpleLazyObject(lambda: clock.now() if clock.offset() else None)
    return {"personas": SimpleLazyObject(present), "moved_to": moved}
