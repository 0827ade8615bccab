"""The command line ``jewelrymodel``; each command lives in a module of its own."""

import os
import sys


def main() -> None:
    """Run one command; anything that isn't ours goes to Django's own command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
