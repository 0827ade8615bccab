from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "jewelrymodel.generation"
    label = "generation"
