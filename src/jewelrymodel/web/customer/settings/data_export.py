"""The file with one's own data: asked for, watched, and fetched by an address that expires."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.operations import NotTheOwner
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock, formats, storage
from jewelrymodel.privacy import operations, queries
from jewelrymodel.privacy.statuses import ExportState
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.tenant import TenantRequest, for_account

_DOOR = ".data-export"


@require_safe
@for_account(Act.SETTINGS)
def index(request: TenantRequest) -> HttpResponse:
    """Show how far the latest file is, and the way to ask for one."""
    row, now = queries.latest_export(account_id=request.account.id), clock.now()
    ready_until = row.expires_at if row and row.state == ExportState.READY else None
    context = {
        "export": row,
        "is_preparing": row is not None and row.state == ExportState.PREPARING,
        "is_ready": ready_until is not None and ready_until > now,
    }
    return render(request, "customer/data.html", context)


@for_account(Act.EXPORT)
@form_of("settings-data")
def ask(request: TenantRequest) -> HttpResponse:
    """Have the file prepared; owners only."""
    try:
        operations.request_export(
            account_id=request.account.id, user_id=request.user.pk, now=clock.now()
        )
    except NotTheOwner as refused:
        raise PermissionDenied(
            _("Only an owner of the account can download its data.")
        ) from refused
    except operations.ExportUnderWay:
        messages.info(request, _("Your file is already being prepared."))
    except operations.TooSoon as refused:
        words = _("You can ask for one file a day; the next one from %(at)s.")
        messages.warning(request, words % {"at": formats.moment(refused.again_at)})
    else:
        messages.success(
            request, _("We’re preparing your file and will email you when it’s ready.")
        )
    return redirect("settings-data")


@require_safe
@for_account(Act.EXPORT)
@reauthentication_required  # type: ignore[untyped-decorator]  # the library ships no types
def download(request: TenantRequest) -> HttpResponse:
    """Lead to the file by an address that expires; noted, and after asking who this is."""
    try:
        row = operations.note_download(
            account_id=request.account.id, user_id=request.user.pk, now=clock.now()
        )
    except operations.NotReady:
        messages.warning(request, _("There is no file to download now."))
        return redirect("settings-data")
    token = storage.sign(f"{request.account.id}:{request.user.pk}:{row.key}", door=_DOOR)
    return redirect(f"{reverse('settings-data-file')}?{urlencode({'key': token})}")


@require_safe
@for_account(Act.EXPORT)
def file(request: TenantRequest) -> HttpResponseBase:
    """Return the file that a signed key names, to who asked for it only, piece by piece."""
    token = request.GET.get("key", "")
    if not token:
        return redirect("settings-data")
    try:
        account_id, user_id, key = storage.unsign(token, door=_DOOR).split(":", 2)
        if (account_id, user_id) != (request.account.id, str(request.user.pk)):
            raise Http404
        stored = storage.open_stored(key)
    except (signing.BadSignature, FileNotFoundError, ValueError):
        raise Http404 from None
    answer = FileResponse(stored, as_attachment=True, filename=key.rpartition("/")[2])
    answer["Cache-Control"] = "private, no-store"
    return answer
