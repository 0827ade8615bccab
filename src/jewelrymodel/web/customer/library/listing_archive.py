"""What goes into the archive for one marketplace: images, their texts, and the table it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jewelrymodel.generation.models import Asset, Piece
from jewelrymodel.generation.operations import ArchivedImage
from jewelrymodel.generation.rules.download_names import download_name, slug, told_apart
from jewelrymodel.generation.rules.listing_tables import (
    ListedProduct,
    google_tsv,
    shopify_csv,
)
from jewelrymodel.generation.rules.listing_uses import Verdict
from jewelrymodel.studio.metal_color import MetalColor
from jewelrymodel.web.customer.library.listing_uses import Shop, Use, disclosure, made_size
from jewelrymodel.web.piece_kinds import kind_label
from jewelrymodel.web.studio_messages.listing_sentences import FITS, REASONS
from jewelrymodel.web.studio_messages.listing_texts import alt_text, proposed_title

_MEGABYTE = 1_000_000
_TRANSPARENT = {"packshot-clear"}


@dataclass(frozen=True)
class Archived:
    """An archive's name, its images and its texts by the names of their files."""

    name: str
    images: list[ArchivedImage]
    texts: dict[str, str]


def archived(piece: Piece, shop: Shop, *, color: MetalColor | None, base: str) -> Archived:
    """Return what the archive of a piece for *shop* holds; *base* is the address of the folder
    where its images will be, "" where nobody knows it yet.
    """
    usable = shop.usable
    names = told_apart(_name(piece, asset, use) for asset, use, _said in usable)
    images = [
        ArchivedImage(
            asset=asset,
            name=name,
            fmt=_fmt(asset, use),
            size=made_size(asset, use.rule),
            most_bytes=(use.rule.most_megabytes or 0) * _MEGABYTE or None,
        )
        for (asset, use, _said), name in zip(usable, names, strict=True)
    ]
    title = proposed_title(piece, color)
    handle = slug(piece.sku or piece.name) or piece.pk
    texts = {"listing.txt": _listing_text(title, shop, usable, images, color)}
    product = ListedProduct(
        title=title,
        handle=handle,
        kind=kind_label(piece.kind),
        sku=piece.sku,
        images=_addresses(images, base, color),
    )
    if shop.marketplace == "Shopify" and title:
        texts["shopify.csv"] = shopify_csv(product)
    if shop.marketplace == "Google Merchant Center" and (table := google_tsv(product)):
        texts["google.tsv"] = table
    return Archived(f"{handle}-{shop.slug}.zip", images, texts)


def _addresses(
    images: Sequence[ArchivedImage], base: str, color: MetalColor | None
) -> list[tuple[str, str]]:
    """The images' addresses in the folder *base*, with their alt texts; none without a folder."""
    if not base:
        return []
    folder = base.rstrip("/")
    return [(f"{folder}/{image.name}", alt_text(image.asset, color)) for image in images]


def _fmt(asset: Asset, use: Use) -> str:
    """PNG where the image has transparent places and the use takes them; else JPEG, on white."""
    return "png" if asset.item.look_id in _TRANSPARENT and use.rule.png else "jpeg"


def _name(piece: Piece, asset: Asset, use: Use) -> str:
    width, height = made_size(asset, use.rule)
    return download_name(
        piece=piece.sku or piece.name,
        look_id=asset.item.look_id,
        aspect=asset.item.aspect,
        size=str(min(width, height)),
        fmt=_fmt(asset, use),
    )


def _listing_text(
    title: str,
    shop: Shop,
    usable: Sequence[tuple[Asset, Use, Verdict]],
    images: Sequence[ArchivedImage],
    color: MetalColor | None,
) -> str:
    """The texts of a listing, to copy from: what is what stands before each."""
    alt, line = _("Alt text"), _("Disclosure")
    label = ": ".join((_("Label for composites"), shop.label))
    lines = [shop.name, ": ".join((_("Title"), title)), label, shop.table, ""]
    for (asset, use, said), image in zip(usable, images, strict=True):
        reasons = " ".join(str(REASONS[reason]) for reason in said.reasons)
        width, height = image.size
        lines += [
            f"{image.name} ({width} × {height} px)",
            f"{use.title}: {FITS[said.fit]}. {reasons}".rstrip(),
            f"{alt}: {alt_text(asset, color)}",
            f"{line}: {disclosure(asset)}",
            "",
        ]
    return "\n".join(lines)
