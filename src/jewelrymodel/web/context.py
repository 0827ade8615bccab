"""What every page's shell needs: brand, theme, whether this is the demo."""

from django.conf import settings
from django.http import HttpRequest

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the variables that every template may use."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "brand": settings.BRAND,
        "legal_entity": settings.LEGAL_ENTITY,
        "legal_address": settings.LEGAL_ADDRESS,
        "support_email": settings.SUPPORT_EMAIL,
        "demo": settings.DEMO,
        "theme": theme if theme in THEMES else "",
    }
