"""Every address of the product's pages; each room of ``web`` lists its own."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
