"""The payment processor's webhooks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jewelrymodel.infra import clock, webhook_inbox
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.gateway import ForgedEvent, MalformedEvent
from jewelrymodel.web.responses import plain_words


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Store a signed message once and answer at once; 400, and nothing stored, for any other.

    What is of another mode or account is answered like the rest, and only noted: else the processor
    sends it again for days.
    """
    try:
        hint = processor().read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except MalformedEvent:
        return plain_words("signed, but no event with its id, its type and its object", status=400)
    except ForgedEvent:
        return plain_words("the signature is not the processor's", status=400)
    webhook_inbox.receive(
        source=operations.INBOX,
        external_id=hint.event_id,
        payload=hint.payload,
        task_name=operations.PROCESS,
        now=clock.now(),
        outcome=hint.not_ours,
    )
    return HttpResponse(status=200)
