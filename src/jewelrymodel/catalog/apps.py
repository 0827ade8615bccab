from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "jewelrymodel.catalog"
    label = "catalog"
