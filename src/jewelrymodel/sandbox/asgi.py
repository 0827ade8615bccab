"""The sandbox as an ASGI application, set up from the environment.

`granian --interface asgi jewelrymodel.sandbox.asgi:app --host 127.0.0.1 --port 8310 --workers 1`
(one worker: it holds the loop that sends the webhooks).
"""

from __future__ import annotations

import os

from jewelrymodel.sandbox.app import create_app
from jewelrymodel.sandbox.settings import from_environment

app = create_app(from_environment(os.environ))
