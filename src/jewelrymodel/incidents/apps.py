from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "jewelrymodel.incidents"
    label = "incidents"
