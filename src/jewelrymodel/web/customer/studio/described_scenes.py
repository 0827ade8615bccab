"""What can be done with a scene in one's own words besides ordering it: a draft, keeping it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.operations.saved_scenes import LONGEST_NAME
from jewelrymodel.generation.queries.saved_scenes import saved_scenes
from jewelrymodel.generation.rules.described_scene import checked, comparable_look, scene_of
from jewelrymodel.infra import clock
from jewelrymodel.web.customer.studio.look_previews import REFUSED, make_preview
from jewelrymodel.web.customer.studio.missing_credits import Choice
from jewelrymodel.web.customer.studio.new_generation import looks_page
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.customer.studio.scene_form import NO_DRAFT, scene_query
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

KEPT_REFUSALS = (
    operations.SceneNameMissing,
    operations.SceneNameTaken,
    operations.SceneUnknown,
    operations.TooManyScenes,
    operations.WordsMissing,
    operations.WordsRefused,
    operations.WordsTooLong,
)


@for_account(Act.STUDIO)
@form_of("photo")
def draft(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Make a free preview by our own renderer, where one of its scenes is like the words."""
    photo, choice = _photo(request, photo_id), Choice.sent(request.POST)
    try:
        look_id = comparable_look(checked(scene_of(dict(choice.scene))))
        if look_id:
            make_preview(request, photo, look_id, choice.aspects[0])
    except REFUSED as refused:
        return looks_page(request, photo, problem=refusal_text(refused))
    query = urlencode({**choice.query(), "draft": look_id or NO_DRAFT}, doseq=True)
    return redirect(f"{reverse('photo', args=[photo.pk])}?{query}#describe")


@for_account(Act.STUDIO)
@form_of("photo")
def save(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Keep the described scene under a name."""
    photo, choice = _photo(request, photo_id), Choice.sent(request.POST)
    try:
        saved = operations.save_scene(
            account_id=request.account.id,
            name=request.POST.get("scene_name", ""),
            scene=dict(choice.scene),
            now=clock.now(),
        )
    except KEPT_REFUSALS as refused:
        return looks_page(request, photo, problem=refusal_text(refused))
    messages.success(request, _("Saved as “%(name)s”.") % {"name": saved.name})
    query = urlencode(choice.query(), doseq=True)
    return redirect(f"{reverse('photo', args=[photo.pk])}?{query}#describe")


@require_GET
@for_account(Act.STUDIO)
def scenes(request: TenantRequest) -> HttpResponse:
    """Show the scenes that are kept under a name."""
    return _page(request)


@for_account(Act.STUDIO)
@form_of("scenes")
def rename(request: TenantRequest) -> HttpResponse:
    """Give a kept scene another name."""
    name = request.POST.get("name", "")
    try:
        or_404(
            lambda: operations.rename_scene(
                account_id=request.account.id, scene_id=request.POST.get("scene", ""), name=name
            )
        )
    except KEPT_REFUSALS as refused:
        return _page(request, problem=refusal_text(refused))
    messages.success(request, _("Renamed."))
    return redirect("scenes")


@for_account(Act.STUDIO)
@form_of("scenes")
def remove(request: TenantRequest) -> HttpResponse:
    """Keep a scene no longer."""
    scene_id = request.POST.get("scene", "")
    or_404(lambda: operations.drop_scene(account_id=request.account.id, scene_id=scene_id))
    messages.success(request, _("Deleted. Images that were made with it stay."))
    return redirect("scenes")


def _page(request: TenantRequest, *, problem: str = "") -> HttpResponse:
    rows = saved_scenes(account_id=request.account.id)
    context = {
        "saved": [(one, scene_of(one.scene), scene_query(one.scene)) for one in rows],
        "longest_name": LONGEST_NAME,
        "problem": problem,
    }
    return render(request, "studio/scenes.html", context, status=422 if problem else 200)


def _photo(request: TenantRequest, photo_id: str) -> Photo:
    return or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
