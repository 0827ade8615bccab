"""What the web server loads."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")

application = get_wsgi_application()
_ = get_resolver().url_patterns  # all pages, loaded now: the first visitor waits for no module

from jewelrymodel.config import database_checks  # noqa: E402  it needs what the line above set up

try:
    database_checks.require_ours()
except database_checks.NOT_OURS as refused:
    sys.exit(f"jewelrymodel: {refused}")
