"""The payment processor's webhooks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jewelrymodel.infra import clock, inbox
from jewelrymodel.payments import tasks
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.gateway import ForgedEvent


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Store a signed message once and answer at once; 400, and nothing stored, for any other."""
    try:
        hint = processor().read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except ForgedEvent:
        return HttpResponse("the signature is not the processor's\n", status=400)
    inbox.receive(
        source=tasks.INBOX,
        external_id=hint.event_id,
        payload=hint.payload,
        task_name="payments.process_event",
        now=clock.now(),
    )
    return HttpResponse(status=200)
