"""Looking at images that a request calls visibly damaged: beside the photo and the cutout."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.cases import case_or_404, show
from jewelrymodel.web.desk.damage_forms import damage_review_form
from jewelrymodel.web.desk.refusal_messages import (
    CONFLICT,
    NOT_DECIDED,
    UNAVAILABLE,
    refusal_message,
)
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import stored_picture

_OF_PERSON = ("image", "full")
_REFUSALS = (
    OwnAccount,
    operations.AlreadyConfirmed,
    operations.NewMessage,
    deciding.AlreadyRemedied,
    deciding.NothingChosen,
    deciding.LessThanPromised,
    deciding.LessThanTheLaw,
    deciding.RemedyUnfit,
    deciding.TermsNotAtHand,
    operations.NotItsImage,
    operations.RemedyUnderWay,
    operations.ReviewIncomplete,
    operations.SamePerson,
    operations.SeveralGrounds,
    operations.SenderUnconfirmed,
)


@for_staff(Act.DECIDE)
@form_of("desk_case")
def review(request: StaffRequest, case_id: str) -> HttpResponse:
    """Save what is seen of each image, and decide what follows from it."""
    case = case_or_404(case_id)
    form = damage_review_form(case, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        return show(request, case, {"damage": form}, status=422)
    try:
        operations.confirm_damage_review(
            case_id=case_id,
            damaged=form.damaged(),
            reason=form.cleaned_data["reason"],
            user_id=request.user.pk,
            now=clock.now(),
            machine_clock=clock.real_now,
            read_up_to=form.cleaned_data["read_up_to"] or 0,
        )
        operations.end_draft(case_id=case_id, user_id=request.user.pk, form="damage")
    except operations.CaseOver as refusal:
        messages.error(request, refusal_message(refusal))
    except _REFUSALS as refusal:
        form.add_error(None, refusal_message(refusal))
        return show(request, case_or_404(case_id), {"damage": form}, status=CONFLICT)
    except (ProcessorDown, ProcessorRefused):
        form.add_error(None, str(NOT_DECIDED))
        return show(request, case_or_404(case_id), {"damage": form}, status=UNAVAILABLE)
    return redirect("desk_case", case_id=case_id)


@require_safe
@for_staff(Act.DESK)
def picture(request: StaffRequest, case_id: str, image_id: str, which: str) -> HttpResponse:
    """Hand out an image of the request's generation, its cutout or its photo."""
    case = case_or_404(case_id)
    found = {one.image.pk: one for one in queries.images_to_review(case)}
    if image_id not in found:
        raise Http404
    one = found[image_id]
    image, task = one.image, one.image.item.task
    shows_person = which in _OF_PERSON and one.is_stopped
    if shows_person and image_id not in _opened(request, case):
        raise Http404
    keys = {
        "image": image.view_key,
        "full": image.image_key,
        "cutout": task.cutout_key,
        "photo": task.photo.view_key,
    }
    if which not in keys:
        raise Http404
    of_somebody = image.item.own_model_id is not None and which in _OF_PERSON
    return stored_picture(keys[which], of_somebody=of_somebody)


@for_staff(Act.DECIDE)
@form_of("desk_case")
def open_image(request: StaffRequest, case_id: str) -> HttpResponse:
    """Show an image for an hour whose person doesn't agree any more, and keep who asked and why."""
    case, image_id = case_or_404(case_id), request.POST.get("open", "")
    try:
        operations.open_stopped_image(
            case=case,
            image_id=image_id,
            reason=request.POST.get(f"why_{image_id}", "")[:2000],
            user_id=request.user.pk,
            now=clock.now(),
        )
    except (operations.ReasonNeeded, operations.NotItsImage) as refusal:
        messages.error(request, refusal_message(refusal))
    return redirect(f"{reverse('desk_case', args=[case_id])}#damage")


def _opened(request: StaffRequest, case: Case) -> set[str]:
    return queries.opened_images(case=case, user_id=request.user.pk, now=clock.now())
