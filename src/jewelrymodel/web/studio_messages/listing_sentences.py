"""What listing help says: why an image fits a use or not, and what has to be disclosed."""

from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.rules.listing_uses import Fit, Reason
from jewelrymodel.studio.look_kinds import LookKind

FITS = {
    Fit.YES: _("Fits"),
    Fit.CHECK: _("Check yourself"),
    Fit.NO: _("Not here"),
}
REASONS = {
    Reason.DAMAGED: _("It shows visible damage, as our team confirmed."),
    Reason.NOT_AGREED: _("The person in it didn’t agree to this place."),
    Reason.NOT_TAKEN: _("The piece has to be shown alone."),
    Reason.OTHER_FORMAT: _("It has another format than this use takes."),
    Reason.TOO_SMALL: _("It has fewer pixels than the least that is asked for."),
    Reason.FILLS_LITTLE: _("The piece fills less of the frame than is asked for."),
    Reason.FILLS_MUCH: _("The piece fills more of the frame than is asked for."),
    Reason.UNSETTLED: _("Their page doesn’t say whether composites may be used."),
    Reason.NO_SOURCE: _("We found no page of theirs that says so."),
    Reason.BELOW_WANTED: _("It has fewer pixels than is recommended."),
}
DISCLOSURES = {
    LookKind.PACKSHOT: _(
        "Retouched photograph: the piece is photographed, its background removed."
    ),
    LookKind.SCENE: _(
        "Composite: the piece is photographed, its surroundings are computer-generated."
    ),
    LookKind.MODEL: _(
        "Composite: the piece is photographed, the model and the surroundings are "
        "computer-generated. No real person is shown."
    ),
}
BY_AI = _("Composite: the piece is photographed, its surroundings were generated with AI.")
OWN_MODEL = _(
    "Composite: the photographed piece was placed into a photograph of a person who agreed to it."
)
LABELS = {
    "google_metadata": _(
        "Google is known to read the metadata of the files, and wants generated images to keep "
        "theirs. (No source of theirs: check yourself.)"
    ),
}
NO_LABEL = _("Whether there is a field or a label of its own for them: check yourself.")
LAWS = {
    "eu_ai_act": _(
        "European Union, AI Act, article 50(4): images that AI made or changed and that would "
        "falsely pass for real have to be disclosed as such, at the first sight of them at the "
        "latest."
    ),
    "new_york": _(
        "New York, General Business Law § 396-b: an ad has to disclose conspicuously that it shows "
        "a synthetic performer."
    ),
}
TABLES = {
    "Shopify": _(
        "With a product CSV (shopify.csv): a draft with title, SKU, images and alt texts."
    ),
    "Google Merchant Center": _(
        "With a supplemental file (google.tsv), which adds the images to the product whose id is "
        "the SKU."
    ),
    "Etsy": _("Etsy takes no CSV that we know of: copy the texts."),
    "eBay": _("eBay takes files made from its own templates; none is made here."),
    "Amazon": _("Amazon takes files made from its own templates; none is made here."),
}
