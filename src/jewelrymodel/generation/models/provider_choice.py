"""What an operator chose of a provider of image models, over what the environment says."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.generation.limits import MOST_BUDGET_CENTS, MOST_CONCURRENCY, MOST_PLACES


class ProviderChoice(models.Model):
    """One choice; of a provider's the one with the highest *number* counts, the others say what was
    before. Never changed (migration 0034).

    *place* 1 is asked first. *budget_cents* are US cents for a UTC day.
    """

    id = models.CharField(primary_key=True, max_length=32)
    provider = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    is_on = models.BooleanField()
    place = models.PositiveSmallIntegerField()
    concurrency = models.PositiveSmallIntegerField()
    budget_cents = models.PositiveIntegerField()
    chosen_at = models.DateTimeField()

    class Meta:
        db_table = "generation_provider_choice"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "number"], name="generation_provider_choice_once"
            ),
            models.CheckConstraint(
                condition=~Q(provider="") & Q(number__gte=1), name="generation_provider_choice_of"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_PLACES),
                name="generation_provider_choice_place",
            ),
            models.CheckConstraint(
                condition=Q(concurrency__gte=1, concurrency__lte=MOST_CONCURRENCY),
                name="generation_provider_choice_concurrency",
            ),
            models.CheckConstraint(
                condition=Q(budget_cents__lte=MOST_BUDGET_CENTS),
                name="generation_provider_choice_budget",
            ),
        ]
