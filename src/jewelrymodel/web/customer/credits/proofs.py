"""The file by which an account proves that its credits are counted."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.attestation import queries
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.tenant import TenantRequest, for_account


@require_GET
@for_account(Act.CREDITS)
def proof(request: TenantRequest) -> HttpResponse:
    """Hand out the account's proof; back to the page with the reason where there is none yet."""
    account_id = request.account.id
    try:
        rate_limits.count_or_refuse(rate_limits.PROOFS, account_id=account_id, now=clock.now())
        made = queries.account_proof(account_id=account_id)
    except queries.NoProof:
        messages.info(request, _("Your next proof will be ready tomorrow, after we sign today’s."))
        return redirect("credits")
    except rate_limiter.TooOften:
        messages.error(request, _("You’ve downloaded the proof too often. Try again in an hour."))
        return redirect("credits")
    name = f"credits-proof-{made.signed.body['number']}.json"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    text = json.dumps(made.to_json(), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json", headers=headers)
