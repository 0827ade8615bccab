from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jewelrymodel.catalog.expiry_text import expiry_words
from jewelrymodel.catalog.product_summaries import summary_words
from jewelrymodel.catalog.products import (
    CheckoutTerms,
    Interval,
    LegalClass,
    ProductKind,
    Quality,
    Work,
)
from jewelrymodel.studio.look_kinds import LookKind


class ProductVersion(models.Model):
    """What was offered under one sku from one instant on; the database refuses to change it.

    Only ``effective_until_at`` is written later, once, when a successor is published.
    """

    id = models.CharField(primary_key=True, max_length=32)
    sku = models.SlugField(max_length=40, db_index=False)
    kind = models.CharField(max_length=12, choices=ProductKind)
    name = models.CharField(max_length=60)
    summary = models.CharField(max_length=200)
    credits = models.PositiveIntegerField()
    price_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    interval = models.CharField(max_length=5, choices=Interval)
    credits_expire_after_days = models.PositiveIntegerField(null=True)
    features = models.JSONField()
    legal_class = models.CharField(max_length=16, choices=LegalClass)
    checkout_terms = models.CharField(
        max_length=8, choices=CheckoutTerms, default=CheckoutTerms.NONE
    )
    checkout_terms_text = models.TextField(blank=True)
    effective_from_at = models.DateTimeField()
    effective_until_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalog_product_version"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sku", "effective_from_at"], name="catalog_version_starts_once"
            ),
            models.UniqueConstraint(
                fields=["sku"],
                condition=Q(effective_until_at__isnull=True),
                name="catalog_version_one_open",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ProductKind.values), name="catalog_version_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind=ProductKind.PACKAGE, interval=Interval.NONE)
                | Q(kind=ProductKind.SUBSCRIPTION, interval=Interval.MONTH),
                name="catalog_version_interval_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(legal_class__in=LegalClass.values), name="catalog_version_legal_class"
            ),
            models.CheckConstraint(
                condition=Q(checkout_terms=CheckoutTerms.NONE, checkout_terms_text="")
                | Q(checkout_terms__in=(CheckoutTerms.GRANTS, CheckoutTerms.REFUSES))
                & ~Q(checkout_terms_text=""),
                name="catalog_version_terms_are_said",
            ),
            models.CheckConstraint(
                condition=Q(credits__gt=0, price_minor__gt=0),
                name="catalog_version_worth_something",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="catalog_version_currency"
            ),
            models.CheckConstraint(
                condition=Q(effective_until_at__isnull=True)
                | Q(effective_until_at__gt=F("effective_from_at")),
                name="catalog_version_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.sku}, from {self.effective_from_at:%Y-%m-%d})"

    @property
    def summary_words(self) -> str:
        """What an offer says of it, in the reader's language."""
        return summary_words(self.summary)

    @property
    def expiry_words(self) -> str:
        """When the credits that it sells expire, without a full stop."""
        renews = self.interval != Interval.NONE
        return expiry_words(renews=renews, days=self.credits_expire_after_days)


class CreditPrice(models.Model):
    """What one piece of work costs in credits, from one instant on; never changed.

    An image's may be the price of one kind of look or of one quality only; an empty word stands for
    all of them.
    """

    id = models.CharField(primary_key=True, max_length=32)
    work = models.CharField(max_length=8, choices=Work)
    look_kind = models.CharField(max_length=8, blank=True, default="", db_default="")
    quality = models.CharField(max_length=8, blank=True, default="", db_default="")
    credits = models.PositiveSmallIntegerField()
    effective_from_at = models.DateTimeField()

    class Meta:
        db_table = "catalog_credit_price"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["work", "look_kind", "quality", "effective_from_at"],
                name="catalog_credit_price_starts_once",
            ),
            models.CheckConstraint(
                condition=Q(work__in=Work.values), name="catalog_credit_price_work"
            ),
            models.CheckConstraint(
                condition=Q(look_kind="", quality="")
                | Q(
                    work=Work.IMAGE,
                    look_kind__in=["", *(kind.value for kind in LookKind)],
                    quality__in=["", *Quality.values],
                ),
                name="catalog_credit_price_of_what",
            ),
        ]


class WelcomeOffer(models.Model):
    """How many images a new account gets free, from one instant on; none ends the offer. The
    credits for them are of the dearest kind of image; never changed.
    """

    id = models.CharField(primary_key=True, max_length=32)
    images = models.PositiveSmallIntegerField()
    expire_after_days = models.PositiveSmallIntegerField()
    effective_from_at = models.DateTimeField(unique=True)

    class Meta:
        db_table = "catalog_welcome_offer"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expire_after_days__gt=0), name="catalog_welcome_offer_lives"
            )
        ]


class TermsText(models.Model):
    """The text of an edition, byte for byte, under the hash that orders and decisions record.

    The database computes the hash itself, and refuses to change or remove a text (migration 0005).
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    text = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "catalog_terms_text"


class TermsEdition(models.Model):
    """One dated edition of a policy as it was served: its hash never changes (clause 10.2).

    Its text is the TermsText of that hash; only one from before texts were kept may lack it.
    """

    id = models.CharField(primary_key=True, max_length=32)
    policy = models.CharField(max_length=20)
    edition_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    effective_from_at = models.DateTimeField()
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "catalog_terms_edition"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["policy", "edition_on"], name="catalog_terms_edition_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="catalog_terms_edition_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.edition_on}"


class TermsAcceptance(models.Model):
    """Who accepted which edition, and when; the database refuses to change it (migration 0010)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    edition = models.ForeignKey(TermsEdition, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        db_table = "catalog_terms_acceptance"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "edition"], name="catalog_terms_acceptance_once"
            ),
        ]
