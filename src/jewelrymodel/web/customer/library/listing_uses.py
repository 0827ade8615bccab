"""What a piece's images may be used for, marketplace by marketplace, as listing help shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.generation.rules.download_names import slug
from jewelrymodel.generation.rules.listing_uses import (
    Fit,
    ListedImage,
    Reason,
    Verdict,
    exported_size,
    verdict,
)
from jewelrymodel.generation.rules.plain_backgrounds import PLAIN_LOOKS
from jewelrymodel.generation.statuses import GeneratorName, PhotoStatus
from jewelrymodel.infra import formats
from jewelrymodel.studio.look_kinds import LookKind
from jewelrymodel.studio.marketplaces import MarketplaceRule, labels, marketplaces, rules
from jewelrymodel.studio.packshot_settings import FILL
from jewelrymodel.web.studio_messages.listing_sentences import (
    BY_AI,
    DISCLOSURES,
    FITS,
    LABELS,
    NO_LABEL,
    OWN_MODEL,
    REASONS,
    TABLES,
)
from jewelrymodel.web.studio_messages.marketplace_sentences import OWN_SHOP, RULES, USES

OWN_SHOP_SLUG = "own-shop"


@dataclass(frozen=True)
class Group:
    """The images of one verdict. `tone` is that of its badge."""

    verdict: Verdict
    assets: tuple[Asset, ...]

    @property
    def fit(self) -> str:
        """Whether they fit, for reading."""
        return str(FITS[self.verdict.fit])

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return {Fit.YES: "ok", Fit.CHECK: "warn", Fit.NO: "bad"}[self.verdict.fit]

    @property
    def sentences(self) -> list[str]:
        """Why they don't fit, or have to be checked, or could be better."""
        return [str(REASONS[reason]) for reason in self.verdict.reasons]


@dataclass(frozen=True)
class Use:
    """One use of images on a marketplace, with the piece's images for it and what is missing:
    the look and the format to make, and the address that makes it.
    """

    rule: MarketplaceRule
    groups: tuple[Group, ...]
    missing_look: str = ""
    missing_href: str = ""
    needs_larger_photo: bool = False

    @property
    def title(self) -> str:
        """Its name."""
        return str(USES[self.rule.code])

    @property
    def sentence(self) -> str:
        """What its page asks for."""
        return str(RULES[self.rule.code])

    @property
    def read_on(self) -> str:
        """When that was read; empty where there is no page of theirs."""
        return formats.day(self.rule.read_on) if self.rule.read_on else ""

    @property
    def usable(self) -> list[tuple[Asset, Verdict]]:
        """The images that fit or may fit, those that fit first."""
        return [
            (asset, group.verdict)
            for group in self.groups
            if group.verdict.fit is not Fit.NO
            for asset in group.assets
        ]


@dataclass(frozen=True)
class Shop:
    """A marketplace with its uses, and rules of size that go with the main image."""

    marketplace: str
    uses: tuple[Use, ...]
    sizes: tuple[Use, ...]

    @property
    def name(self) -> str:
        """Its name; that of a shop of one's own."""
        return self.marketplace or str(OWN_SHOP)

    @property
    def slug(self) -> str:
        """Its name in forms."""
        return slug(self.marketplace) or OWN_SHOP_SLUG

    @property
    def label(self) -> str:
        """How it wants to be told of composites."""
        said = [one for one in labels() if one.marketplace == self.marketplace]
        return str(LABELS[said[0].code] if said else NO_LABEL)

    @property
    def label_source(self) -> str:
        """Where that was read; empty where nowhere."""
        return next((one.source for one in labels() if one.marketplace == self.marketplace), "")

    @property
    def table(self) -> str:
        """Which table comes with its archive, or why none does."""
        return str(TABLES.get(self.marketplace, ""))

    @property
    def takes_addresses(self) -> bool:
        """Whether its archive has a table, and tables take images by their addresses."""
        return self.marketplace in ("Shopify", "Google Merchant Center")

    @property
    def usable(self) -> list[tuple[Asset, Use, Verdict]]:
        """Each image that fits or may fit some use, once, for the first of them; what is to be
        shown first stands first: by use, then what fits, then the piece alone.
        """
        found: dict[str, tuple[Asset, Use, Verdict]] = {}
        for use in self.uses:
            for asset, said in sorted(use.usable, key=_place):
                found.setdefault(asset.pk, (asset, use, said))
        return list(found.values())


def _place(usable: tuple[Asset, Verdict]) -> tuple[int, int]:
    asset, said = usable
    return list(Fit).index(said.fit), list(LookKind).index(kind_of(asset))


def shops_of(assets: Sequence[Asset], photos: Sequence[Photo]) -> list[Shop]:
    """Return every marketplace with what these images of one piece may be used for there."""
    return [_shop(name, assets, photos) for name in marketplaces()]


def kind_of(asset: Asset) -> LookKind:
    """Return what an image shows its piece with."""
    look_id = asset.item.look_id
    return LookKind.SCENE if look_id in PLAIN_LOOKS else queries.look_kind(look_id)


def disclosure(asset: Asset) -> str:
    """Return the line that says what an image is, for its listing or its ad."""
    if asset.generator == GeneratorName.HOSTED:
        return str(BY_AI)
    if asset.item.own_model is not None:
        return str(OWN_MODEL)
    return str(DISCLOSURES[kind_of(asset)])


def listed(asset: Asset) -> ListedImage:
    """Return what decides where an image may be used."""
    kind = kind_of(asset)
    return ListedImage(
        kind=kind,
        aspect=asset.item.aspect,
        width_px=asset.width_px,
        height_px=asset.height_px,
        fill=_fill(asset) if kind is LookKind.PACKSHOT else None,
        damaged=asset.damage_confirmed_at is not None,
        places=_places(asset),
    )


def made_size(asset: Asset, rule: MarketplaceRule) -> tuple[int, int]:
    """Return width and height of an image's file for a use."""
    return exported_size(asset.width_px, asset.height_px, rule)


def _places(asset: Asset) -> frozenset[str] | None:
    """Where the person in an image agreed to be shown; None where it shows none."""
    model = asset.item.own_model
    return None if model is None else frozenset(model.agreement.places)


def _fill(asset: Asset) -> float:
    """The share of the frame that the piece takes, as it was set and resized by hand."""
    packshot = asset.settings.get("packshot") or {}
    return float(packshot.get("fill", FILL)) * float(asset.item.adjustment.get("size", 1))


def _shop(name: str, assets: Sequence[Asset], photos: Sequence[Photo]) -> Shop:
    mine = [one for one in rules() if one.marketplace == name]
    sizes = [one for one in mine if one.use == "size"]
    uses = [
        _use(rule, sizes if rule.use == "main" else [], assets, photos)
        for rule in mine
        if rule.use != "size"
    ]
    return Shop(name, tuple(uses), tuple(Use(rule, ()) for rule in sizes))


def _use(
    rule: MarketplaceRule,
    sizes: Sequence[MarketplaceRule],
    assets: Sequence[Asset],
    photos: Sequence[Photo],
) -> Use:
    found: dict[Verdict, list[Asset]] = {}
    for asset in assets:
        found.setdefault(verdict(listed(asset), rule, sizes), []).append(asset)
    order = list(Fit)
    groups = tuple(
        Group(said, tuple(found[said]))
        for said in sorted(found, key=lambda one: order.index(one.fit))
    )
    fits = {group.verdict.fit for group in groups}
    alone = rule.use == "main" and LookKind.PACKSHOT in rule.suits
    is_alone = any(kind_of(asset) is LookKind.PACKSHOT for asset in assets)
    if Fit.YES in fits or (Fit.CHECK in fits and (is_alone or not alone)):
        return Use(rule, groups)
    too_small = any(group.verdict.reasons[0] is Reason.TOO_SMALL for group in groups)
    look = "packshot" if alone else ""
    return Use(rule, groups, look, next(_addresses(look, rule.aspect, photos), ""), too_small)


def _addresses(look: str, aspect: str, photos: Sequence[Photo]) -> Iterator[str]:
    """Where an image of this look and format is made, of each photo that can be."""
    query = urlencode({**({"look": look} if look else {}), "aspect": aspect})
    for photo in photos:
        if photo.status == PhotoStatus.APPROVED:
            yield f"{reverse('photo', args=[photo.pk])}?{query}"
