"""How often the automatic check of images is wrong, in figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.studio.image_check_record import (
    ALL_DAMAGES,
    CHECK_VERSION,
    REPHOTOGRAPHED,
    UNDAMAGED,
    check_records,
)
from jewelrymodel.web.studio_messages.damage_labels import DAMAGE_LABELS


@require_safe
def check_table(request: HttpRequest) -> HttpResponse:
    """Show what was measured of the version in use, damage by damage."""
    record = check_records()[CHECK_VERSION]
    damages = [
        (label, record.own_looks.get(name), record.hosted.get(name))
        for name, label in DAMAGE_LABELS.items()
        if name not in (UNDAMAGED, REPHOTOGRAPHED)
    ]
    undamaged = [
        (DAMAGE_LABELS[name], record.own_looks.get(name), record.hosted.get(name))
        for name in (UNDAMAGED, REPHOTOGRAPHED)
    ]
    context = {
        "record": record,
        "damages": damages,
        "undamaged": undamaged,
        "total": record.own_looks[ALL_DAMAGES],
    }
    return render(request, "site/image_check.html", context)
