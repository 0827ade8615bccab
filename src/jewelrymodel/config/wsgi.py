"""What the web server loads."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.request_bodies import bounded
from jewelrymodel.config.server import WEB_THREADS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")

application = bounded(get_wsgi_application(), threads=env.number("WEB_THREADS", WEB_THREADS))
_ = get_resolver().url_patterns  # all pages, loaded now: the first visitor waits for no module

from jewelrymodel.config import database_checks  # noqa: E402  it needs what the line above set up

try:
    database_checks.require_ours()
except database_checks.NOT_OURS as refused:
    sys.exit(f"jewelrymodel: {refused}")
