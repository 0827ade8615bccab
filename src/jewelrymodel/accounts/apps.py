from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jewelrymodel.accounts"
    label = "accounts"
