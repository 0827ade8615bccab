from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.statuses import (
    OWN_MODEL_LIVE,
    OwnModelKind,
    OwnModelStatus,
)

_AFTER_AGREEING = [
    OwnModelStatus.AGREED,
    OwnModelStatus.REMOVED,
    OwnModelStatus.REVOKED,
    OwnModelStatus.EXPIRED,
]


class OwnModel(models.Model):
    """A photo of a person whom a seller knows, and what she was asked; a look of this account.

    *round* grows whenever the link that she was sent last is worth nothing any more. Images may be
    made as long as the row is agreed and its term isn't over; the database says so too.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="own_models")
    name = models.CharField(max_length=60)  # as the seller calls this look
    kind = models.CharField(max_length=10, choices=OwnModelKind)
    person_name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=2)
    asked_places = models.JSONField()
    until_on = models.DateField()  # the last day
    status = models.CharField(max_length=10, choices=OwnModelStatus, default=OwnModelStatus.ASKED)
    round = models.PositiveSmallIntegerField(default=1)
    image_key = models.CharField(max_length=200)
    view_key = models.CharField(max_length=200)
    mask_key = models.CharField(max_length=200, blank=True)  # what lies in front of a piece
    sha256 = models.CharField(max_length=64)  # of the stored photo
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    set_up = models.JSONField(default=dict)  # the places and the scale that the seller confirmed
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # since when no new image is made with her
    photo_erased_at = models.DateTimeField(null=True)
    images_stopped_at = models.DateTimeField(null=True)  # since when no download file is left

    class Meta:
        db_table = "generation_own_model"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=OwnModelStatus.values), name="generation_own_model_status"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OwnModelKind.values), name="generation_own_model_kind"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_AFTER_AGREEING, agreed_at__isnull=False)
                | ~Q(status__in=_AFTER_AGREEING) & Q(agreed_at__isnull=True),
                name="generation_own_model_agreed_at",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OWN_MODEL_LIVE, ended_at__isnull=True)
                | ~Q(status__in=OWN_MODEL_LIVE) & Q(ended_at__isnull=False),
                name="generation_own_model_ended_at",
            ),
            models.CheckConstraint(
                condition=Q(photo_erased_at__isnull=True, images_stopped_at__isnull=True)
                | Q(ended_at__isnull=False),
                name="generation_own_model_erased_is_ended",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="generation_own_model_newest"),
            models.Index(
                fields=["ended_at"],
                name="generation_own_model_to_erase",
                condition=Q(ended_at__isnull=False)
                & (Q(photo_erased_at__isnull=True) | Q(images_stopped_at__isnull=True)),
            ),
        ]


class OwnModelAgreement(models.Model):
    """What a model agreed to, word for word, signed by us when she did; never changed.

    *record* is canonical JSON with the SHA-256 of *text* and of the photo; *signature* is ours over
    it.
    """

    own_model = models.OneToOneField(
        OwnModel, on_delete=models.PROTECT, primary_key=True, related_name="agreement"
    )
    edition = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    places = models.JSONField()
    generator = models.CharField(max_length=60, blank=True)  # to whom the photo may be passed on
    until_on = models.DateField()
    record = models.TextField()
    signature = models.CharField(max_length=120)
    agreed_at = models.DateTimeField()

    class Meta:
        db_table = "generation_own_model_agreement"
