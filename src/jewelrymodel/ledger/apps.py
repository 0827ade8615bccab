from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "jewelrymodel.ledger"
    label = "ledger"
