"""What every page's shell needs: brand, demo bar, the account's balance."""

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the variables that every template may use."""
    return {
        "brand": settings.BRAND,
        "legal_entity": settings.LEGAL_ENTITY,
        "legal_address": settings.LEGAL_ADDRESS,
        "support_email": settings.SUPPORT_EMAIL,
        "demo": settings.DEMO,
    }
