from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "jewelrymodel.demo"
    label = "demo"
