from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "jewelrymodel.support"
    label = "support"
