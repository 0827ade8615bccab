"""The places where images of an own model may be shown, as the seller reads them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.statuses import OwnModelPlace

SELLER_PLACE_LABELS: dict[OwnModelPlace, str | Promise] = {
    **{place: place.label for place in OwnModelPlace},
    OwnModelPlace.SHOP: _("your own shop and website"),
}
"""The person in the photo reads ``OwnModelPlace.label``: it speaks of the seller."""
