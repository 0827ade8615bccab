from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "jewelrymodel.payments"
    label = "payments"
