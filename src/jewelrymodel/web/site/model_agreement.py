"""Pages for the person in a seller's photo: agreeing and revoking, by links and without an account.

Opening one changes nothing, so that a mail program which looks at links answers for nobody.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from jewelrymodel.generation.models import OwnModel
from jewelrymodel.generation.operations import own_model_answer, own_model_end
from jewelrymodel.generation.operations.own_model_request import who_asks
from jewelrymodel.generation.rules.own_model_terms import ANSWER_WITHIN, masked
from jewelrymodel.generation.statuses import OWN_MODEL_BOUND, OwnModelPlace
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.web.responses import stored_picture

_HOUR_S = 3600
OPENED, ANSWERED = 300, 30  # an hour, by one caller
P = ParamSpec("P")


def _by_link(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """What a forged link names isn't there; what a true one shows is for its reader's eyes only."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        caller = request.META.get("REMOTE_ADDR", "")
        limit = ANSWERED if request.method == "POST" else OPENED
        key = f"own-model-{request.method}:{caller}"
        try:
            rate_limiter.count_or_refuse(key, limit=limit, window_s=_HOUR_S, now=clock.now())
            response = view(request, *args, **kwargs)
        except rate_limiter.TooOften:
            return render(request, "429.html", status=429)
        except (signing.BadSignature, OwnModel.DoesNotExist, ValueError, TypeError):
            raise Http404 from None
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def agreement(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a person is asked, or take their answer; afterwards, what became of it."""
    question = own_model_answer.question_of(token=token, now=clock.now())
    if request.method == "POST" and question.is_open:
        try:
            model = _answer(request, token)
        except own_model_answer.AnswerIncomplete:
            return _question(request, token, question.model, is_incomplete=True)
        except own_model_answer.TextChanged:
            return _question(request, token, question.model, is_changed=True)
        except own_model_answer.LinkUsed:
            model = own_model_answer.question_of(token=token, now=clock.now()).model
        return _state(request, model)
    if question.is_open:
        return _question(request, token, question.model)
    return _state(request, question.model)


def _answer(request: HttpRequest, token: str) -> OwnModel:
    now, machine_now = clock.now(), clock.real_now()
    if request.POST.get("answer") != "agree":
        model = own_model_answer.decline(token=token, now=now, machine_now=machine_now)
        own_model_end.erase_own_model(model_id=model.pk, now=now)
        return model
    answer = own_model_answer.Answer(
        text_sha256=request.POST.get("text", ""),
        is_adult="adult" in request.POST and "agreed" in request.POST,
        places=request.POST.getlist("place"),
        may_pass_on="pass_on" in request.POST,
    )
    return own_model_answer.agree(token=token, answer=answer, now=now, machine_now=machine_now)


@require_safe
@_by_link
def photo(request: HttpRequest, token: str) -> HttpResponse:
    """Return the photo that a person is asked about, as long as they can answer."""
    question = own_model_answer.question_of(token=token, now=clock.now())
    if not question.is_open:
        raise Http404
    return stored_picture(question.model.view_key)


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def revocation(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once whether an agreement is to end, and end it."""
    model, now = own_model_answer.model_to_revoke(token=token), clock.now()
    if request.method == "POST":
        model = own_model_answer.revoke(token=token, now=now, machine_now=clock.real_now())
        own_model_end.erase_own_model(model_id=model.pk, now=now)
    if model.status not in OWN_MODEL_BOUND:
        return _state(request, model)
    return render(request, "models/revoke.html", {"model": model, **who_asks(model.account)})


def _question(
    request: HttpRequest,
    token: str,
    model: OwnModel,
    *,
    is_incomplete: bool = False,
    is_changed: bool = False,
) -> HttpResponse:
    text = own_model_answer.agreement_text(model)
    context = {
        "model": model,
        "token": token,
        "address": masked(model.email),
        "text": text.split("\n\n"),
        "text_sha256": own_model_answer.digest_of(text),
        "places": [(one, OwnModelPlace(one).label) for one in model.asked_places],
        "chosen": request.POST.getlist("place"),
        "ticked": request.POST,
        "generator": own_model_answer.generator_asked(),
        "kept_years": settings.AGREEMENTS_KEPT_YEARS,
        "answer_by": model.asked_at + ANSWER_WITHIN,
        "is_incomplete": is_incomplete,
        "is_changed": is_changed,
        **who_asks(model.account),
    }
    status = 422 if is_incomplete or is_changed else 200
    return render(request, "models/agreement.html", context, status=status)


def _state(request: HttpRequest, model: OwnModel) -> HttpResponse:
    context = {"model": model, **who_asks(model.account)}
    return render(request, "models/state.html", context)
