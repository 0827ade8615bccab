from django.apps import AppConfig


class AttestationConfig(AppConfig):
    name = "jewelrymodel.attestation"
    label = "attestation"
