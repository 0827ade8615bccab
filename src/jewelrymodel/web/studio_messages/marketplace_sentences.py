"""What marketplaces ask of images, in the reader's language."""

from django.utils.translation import gettext_lazy as _

USES = {
    "ebay_listing": _("Listing"),
    "google_main": _("Main image"),
    "google_frame": _("Main image, frame"),
    "google_further": _("Further images"),
    "shopify_product": _("Product image"),
    "instagram_feed": _("Feed post"),
    "etsy_listing": _("Listing"),
    "etsy_size": _("Listing, size"),
    "amazon_main": _("Main image"),
    "amazon_size": _("Main image, size"),
    "amazon_further": _("Further images"),
    "pinterest_pin": _("Pin"),
    "instagram_story": _("Story"),
    "shop_product": _("Product image"),
    "shop_banner": _("Banner"),
}
OWN_SHOP = _("Your own shop")
RULES = {
    "ebay_listing": _(
        "At least 500 px on the longer edge; no borders, added text, artwork or watermarks."
    ),
    "google_main": _(
        "The product itself; staging is for further images. At least 500 × 500 px from January 31, "
        "2027; 1500 × 1500 px are recommended. At most 64 megapixels and 16 MB."
    ),
    "google_frame": _("Known for a product on 75 to 90% of the frame, on white."),
    "google_further": _("Up to ten more, which may show the product in use or with staging."),
    "shopify_product": _(
        "PNG, GIF or JPG of at most 4472 × 4472 px or 20 megapixels; 2048 × 2048 px look best."
    ),
    "instagram_feed": _(
        "JPEG of at most 8 MB, from 4:5 to 1.91:1, and 320 to 1440 px wide; wider ones are reduced."
    ),
    "etsy_listing": _("Images must show the item itself, not a rendering or a stock photo."),
    "etsy_size": _("Sellers are usually advised to use 2000 px on the shorter edge."),
    "amazon_main": _("Pure white behind the product, without a shadow at the edge of the image."),
    "amazon_size": _("Known for a piece that fills 85% of the frame, and for 1000 px or more."),
    "amazon_further": _("Known to take images of the product in use."),
    "pinterest_pin": _("Upright images are shown larger than square ones."),
    "instagram_story": _("Fills a phone’s screen, often at 1080 × 1920 px."),
    "shop_product": _("What your shop takes; square images suit lists of products."),
    "shop_banner": _("Wide images suit the top of a shop’s page."),
}
