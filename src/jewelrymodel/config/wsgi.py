"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.request_bodies import bounded
from jewelrymodel.config.server import WEB_THREADS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")

_pages = get_wsgi_application()
_ = get_resolver().url_patterns  # all pages, loaded now: the first visitor waits for no module

from jewelrymodel.config.first_look import once_ours  # noqa: E402  it needs what was set up above

application = bounded(once_ours(_pages), threads=env.number("WEB_THREADS", WEB_THREADS))
