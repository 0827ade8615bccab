from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "jewelrymodel.web"
    label = "web"

    def ready(self) -> None:
        """Listen to what django-allauth says of addresses and sign-ins."""
        from jewelrymodel.web import (  # noqa: F401  their receivers register themselves
            security_record,
            welcome,
        )
