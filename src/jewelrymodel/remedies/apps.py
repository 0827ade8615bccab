from django.apps import AppConfig


class RemediesConfig(AppConfig):
    name = "jewelrymodel.remedies"
    label = "remedies"
