"""Every attestation of the credits that customers have, for whoever checks a proof offline."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from jewelrymodel.attestation import queries


@require_safe
def published(request: HttpRequest) -> JsonResponse:
    """Return all signed documents, oldest first: each names the digest of the one before."""
    answer = JsonResponse([one.to_json() for one in queries.published()], safe=False)
    answer["Content-Disposition"] = 'attachment; filename="attestations.json"'
    return answer
