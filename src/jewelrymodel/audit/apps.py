from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jewelrymodel.audit"
    label = "audit"
