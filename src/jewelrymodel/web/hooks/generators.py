"""Webhooks of image generators: hints to look at a request, and nothing more."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jewelrymodel.generation import operations
from jewelrymodel.generation.adapters import fal_webhook
from jewelrymodel.infra import clock
from jewelrymodel.web.responses import plain_words

MAX_BODY = 1_000_000


@csrf_exempt
@require_POST
def fal(request: HttpRequest, attempt_id: str) -> HttpResponse:
    """Have the request looked at soon; 400 for a signature that isn't fal's, 503 while its keys
    can't be had, so that fal sends it again. What it says is read nowhere.
    """
    addresses = [one["keys_url"] for one in settings.PROVIDERS if one["name"] == "fal"]
    if not addresses:
        return plain_words("not set up", status=404)
    try:
        request_id = fal_webhook.require_signed(
            {name.lower(): value for name, value in request.headers.items()},
            request.body,
            keys_url=addresses[0],
            now=clock.real_now(),
        )
    except fal_webhook.ForgedWebhook:
        return plain_words("the signature is not the provider's", status=400)
    except fal_webhook.KeysUnavailable:
        return plain_words("the provider's keys can't be had", status=503)
    operations.look_soon(attempt_id=attempt_id, request_id=request_id)
    return HttpResponse(status=200)
