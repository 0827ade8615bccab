from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "jewelrymodel.disputes"
    label = "disputes"
