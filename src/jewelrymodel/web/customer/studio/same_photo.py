"""A file that was uploaded before: use what it became, or take it as another piece."""

import hashlib
import json
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.infra import clock, storage
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account


def question_about(request: TenantRequest, *, file_name: str, data: bytes) -> str:
    """Return the address that asks about a file which this account has already; "" for others."""
    account_id = request.account.id
    sha256 = hashlib.sha256(data).hexdigest()
    same = queries.same_photo(account_id=account_id, sha256=sha256)
    if same is None:
        return ""
    key = operations.hold_upload(account_id=account_id, data=data, now=clock.now())
    token = storage.sign(json.dumps([account_id, same.id, key, file_name]))
    return f"{reverse('same_photo')}?{urlencode({'upload': token})}"


@require_http_methods(["GET", "POST"])
@for_account(Act.STUDIO)
def same_photo(request: TenantRequest) -> HttpResponse:
    """Ask what is to become of the file, or take it as another piece."""
    try:
        owner, photo_id, key, file_name = json.loads(storage.unsign(request.GET["upload"]))
    except (KeyError, signing.BadSignature):
        return redirect("studio")
    if owner != request.account.id:
        return redirect("studio")
    if request.method == "POST":
        return _take(request, key, file_name)
    photo: Photo = or_404(lambda: queries.photo(account_id=owner, photo_id=photo_id))
    return render(request, "studio/same_photo.html", {"photo": photo, "file_name": file_name})


def _take(request: TenantRequest, key: str, file_name: str) -> HttpResponse:
    try:
        photo = operations.take_held(
            account_id=request.account.id, key=key, file_name=file_name, now=clock.now()
        )
    except FileNotFoundError:  # taken already, by a first press
        return redirect("studio")
    return redirect("photo", photo_id=photo.id)
