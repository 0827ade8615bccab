"""A seller's own models: the list, a new request, and what became of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation.models import OwnModel
from jewelrymodel.generation.operations import own_model_end, own_model_request
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.rules.own_model_terms import ANSWER_WITHIN
from jewelrymodel.generation.statuses import OWN_MODEL_LIVE, OwnModelPlace, OwnModelStatus
from jewelrymodel.infra import clock, languages, rate_limiter
from jewelrymodel.studio.photo import MAX_BYTES, PhotoRefused
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.models.forms import AskForm
from jewelrymodel.web.customer.models.refusals import model_refusal
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404, stored_picture
from jewelrymodel.web.studio_messages.place_labels import SELLER_PLACE_LABELS
from jewelrymodel.web.tenant import TenantRequest, for_account

_REFUSED = (
    PhotoRefused,
    own_model_request.TermUnlikely,
    own_model_request.TooManyModels,
    own_model_request.NotAsking,
    own_model_request.NothingToEnd,
    rate_limiter.TooOften,
)


@require_GET
@for_account(Act.OWN_MODELS)
def index(request: TenantRequest) -> HttpResponse:
    """Show the account's own models, those in use first."""
    rows = list(own_models.own_models(account_id=request.account.id))
    context = {
        "models": [one for one in rows if one.status in OWN_MODEL_LIVE],
        "ended": [one for one in rows if one.status not in OWN_MODEL_LIVE],
    }
    return render(request, "models/index.html", context)


@require_http_methods(["GET", "POST"])
@for_account(Act.OWN_MODELS)
def ask(request: TenantRequest) -> HttpResponse:
    """Take a photo of a person, and ask them."""
    if request.method == "GET":
        form = AskForm.empty(clock.now().date(), languages.current().code)
        return render(request, "models/ask.html", {"form": form})
    form = AskForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            model = _ask(request, form)
        except _REFUSED as refused:
            is_of_photo = isinstance(refused, PhotoRefused)
            form.add_error("photo" if is_of_photo else None, model_refusal(refused))
        else:
            messages.success(request, _("Sent. We’ll email you when there is an answer."))
            return redirect("own_model", model_id=model.pk)
    return render(request, "models/ask.html", {"form": form}, status=422)


def _ask(request: TenantRequest, form: AskForm) -> OwnModel:
    now, asked = clock.now(), form.asked()
    rate_limits.count_or_refuse(rate_limits.MODELS, account_id=request.account.id, now=now)
    rate_limits.count_letter(asked.email, now=now)
    return own_model_request.ask_model(
        account_id=request.account.id,
        user_id=request.user.pk,
        asked=asked,
        data=form.cleaned_data["photo"].read(MAX_BYTES + 1),
        now=now,
        machine_now=clock.real_now(),
    )


@require_GET
@for_account(Act.OWN_MODELS)
def own_model(request: TenantRequest, model_id: str) -> HttpResponse:
    """Show one own model, and what can be done with it."""
    return _page(request, _own(request, model_id))


@require_GET
@for_account(Act.OWN_MODELS)
def picture(request: TenantRequest, model_id: str) -> HttpResponse:
    """Return the photo, as long as it is kept."""
    model = _own(request, model_id)
    if model.status not in OWN_MODEL_LIVE:
        raise Http404
    return stored_picture(model.view_key, of_somebody=True)


@for_account(Act.OWN_MODELS)
@form_of("own_model")
def ask_again(request: TenantRequest, model_id: str) -> HttpResponse:
    """Send the question once more."""
    model, now = _own(request, model_id), clock.now()
    try:
        rate_limits.count_letter(model.email, now=now)
        own_model_request.ask_again(
            account_id=request.account.id,
            model_id=model.pk,
            user_id=request.user.pk,
            now=now,
            machine_now=clock.real_now(),
        )
    except _REFUSED as refused:
        return _page(request, model, problem=model_refusal(refused))
    messages.success(request, _("Sent again. The link in the earlier email no longer works."))
    return redirect("own_model", model_id=model.pk)


@for_account(Act.OWN_MODELS)
@form_of("own_model")
def remove(request: TenantRequest, model_id: str) -> HttpResponse:
    """Withdraw the request, or remove the model; its photo is erased at once."""
    model, now = _own(request, model_id), clock.now()
    try:
        own_model_request.remove_model(
            account_id=request.account.id, model_id=model.pk, user_id=request.user.pk, now=now
        )
    except _REFUSED as refused:
        return _page(request, model, problem=model_refusal(refused))
    own_model_end.erase_own_model(model_id=model.pk, now=now)
    messages.success(request, _("Removed. The photo is erased."))
    return redirect("own_models")


def _own(request: TenantRequest, model_id: str) -> OwnModel:
    return or_404(lambda: own_models.own_model(account_id=request.account.id, model_id=model_id))


def _page(request: TenantRequest, model: OwnModel, problem: str = "") -> HttpResponse:
    is_asked = model.status == OwnModelStatus.ASKED
    places = model.asked_places if is_asked or not model.agreed_at else model.agreement.places
    context = {
        "model": model,
        "problem": problem,
        "is_live": model.status in OWN_MODEL_LIVE,
        "is_asked": is_asked,
        "answer_by": model.asked_at + ANSWER_WITHIN,
        "places": [SELLER_PLACE_LABELS[OwnModelPlace(one)] for one in places],
    }
    return render(request, "models/model.html", context, status=422 if problem else 200)
