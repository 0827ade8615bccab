from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "jewelrymodel.privacy"
    label = "privacy"
