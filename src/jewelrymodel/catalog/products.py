"""What is sold: kinds of products, what makes up a version, and what work costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from jewelrymodel.studio.look_kinds import LookKind


class ProductKind(TextChoices):
    """What is sold: exactly these two (clause 1.1); anything else goes to a person."""

    SUBSCRIPTION = "subscription"
    PACKAGE = "package"


class LegalClass(TextChoices):
    """What consumer law takes the product for (clause 2.1); a parameter of each version."""

    DIGITAL_CONTENT = "digital_content"
    DIGITAL_SERVICE = "digital_service"


class Interval(TextChoices):
    """How often a version renews; a package never does."""

    NONE = "none"
    MONTH = "month"


class Work(TextChoices):
    """What costs credits."""

    IMAGE = "image"
    PREVIEW = "preview"


class Quality(TextChoices):
    """How elaborately an image is made; one quality is sold so far."""

    STANDARD = "standard"


class CheckoutTerms(TextChoices):
    """What a product's checkout page adds to the refund policy: nothing, more, or less (3.4)."""

    NONE = "none"
    GRANTS = "grants"
    REFUSES = "refuses"


@dataclass(frozen=True)
class ProductSpec:
    """Everything a version promises. ``price_minor`` is in minor units of ``currency``.

    ``credits_expire_after_days`` None means that the credits never expire (edge 17).
    ``checkout_terms_text`` is what the checkout page then says of them, in whole sentences.
    """

    sku: str
    kind: ProductKind
    name: str
    summary: str
    credits: int
    price_minor: int
    currency: str
    legal_class: LegalClass
    features: tuple[str, ...]
    interval: Interval = Interval.NONE
    credits_expire_after_days: int | None = None
    checkout_terms: CheckoutTerms = CheckoutTerms.NONE
    checkout_terms_text: str = ""


@dataclass(frozen=True)
class GenerationPrice:
    """What generating costs, in whole credits each: an image by the kind of its look, in standard
    quality, and a preview.
    """

    images: Mapping[LookKind, int]
    preview_credits: int

    @property
    def least(self) -> int:
        """What the cheapest kind of image costs."""
        return min(self.images.values())

    @property
    def most(self) -> int:
        """What the dearest kind of image costs."""
        return max(self.images.values())

    @property
    def is_uniform(self) -> bool:
        """Whether every image costs the same."""
        return self.least == self.most
