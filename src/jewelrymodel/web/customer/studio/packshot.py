"""What packshots of a photo are to be like: frame, shadow, straightening, a neutral spot to tap."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import clock, rate_limiter, storage
from jewelrymodel.studio.marketplaces import framed_for
from jewelrymodel.studio.packshot_settings import FILL, FILLS, settings_of
from jewelrymodel.studio.white_balance import NotNeutral
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

LOOK_ID = "packshot"
TAP_PX = 296  # as wide is the photo shown, so that a press without a script says where it was
_REFUSALS = (
    operations.PhotoNotApproved,
    operations.LookUnknown,
    operations.ViewRefused,
    rate_limiter.TooOften,
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_account(Act.STUDIO)
def settings(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Show the settings beside a preview; a press of a button or on the photo changes them."""
    photo = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    if photo.status != PhotoStatus.APPROVED:
        return redirect("photo", photo_id=photo.id)
    problem = ""
    if request.method == "POST":
        try:
            _change(request, photo)
        except NotNeutral as refused:
            problem = refusal_text(refused)
        else:
            return redirect("photo_packshot", photo_id=photo.id)
    shown = "" if problem else _preview(request, photo)
    context = {
        "photo": photo,
        "settings": settings_of(photo.packshot),
        "fills": [(fill, round(100 * fill), framed_for(fill)) for fill in FILLS],
        "neutral": [100 * share for share in photo.packshot.get("neutral", [])],
        "problem": problem or shown,
        "look_id": LOOK_ID,
        "version": queries.preview_key(photo, LOOK_ID).rsplit("/", 1)[-1],
        "tap_width": TAP_PX,
        "tap_height": round(TAP_PX * photo.height_px / photo.width_px),
    }
    return render(request, "studio/packshot.html", context, status=422 if problem else 200)


def _change(request: TenantRequest, photo: Photo) -> None:
    owned = {"account_id": request.account.id, "photo_id": photo.id}
    sent = request.POST
    if "as_photographed" in sent:
        operations.clear_neutral(**owned)
    elif "spot.x" in sent:
        height = TAP_PX * photo.height_px / photo.width_px
        x, y = _number(sent.get("spot.x", "")) / TAP_PX, _number(sent.get("spot.y", "")) / height
        operations.set_neutral(**owned, x=x, y=y)
    elif "spot" in sent:
        x, y = (_number(sent.get(name, "")) / 100 for name in ("across", "down"))
        operations.set_neutral(**owned, x=x, y=y)
    else:
        operations.set_packshot(
            **owned,
            shadow="shadow" in sent,
            straighten="straighten" in sent,
            fill=_number(sent.get("fill", str(FILL))),
        )


def _number(text: str) -> float:
    """The number that was sent; what is none lies outside every photo."""
    try:
        return float(text)
    except ValueError:
        return -1.0


def _preview(request: TenantRequest, photo: Photo) -> str:
    """Make the preview unless it is there; return why there is none, if so."""
    if storage.exists(queries.preview_key(photo, LOOK_ID)):
        return ""
    try:
        rate_limits.count_or_refuse(
            rate_limits.PREVIEWS, account_id=request.account.id, now=clock.now()
        )
        operations.make_preview(account_id=request.account.id, photo_id=photo.id, look_id=LOOK_ID)
    except _REFUSALS as refused:
        return refusal_text(refused)
    return ""
