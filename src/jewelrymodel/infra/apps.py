from django.apps import AppConfig


class InfraConfig(AppConfig):
    name = "jewelrymodel.infra"
    label = "infra"
