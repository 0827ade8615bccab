from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "jewelrymodel.promises"
    label = "promises"
