from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "jewelrymodel.web"
    label = "web"
