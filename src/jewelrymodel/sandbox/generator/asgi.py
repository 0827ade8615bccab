"""The stand-in as an ASGI application; GENERATOR_DB says where its file is.

`granian --interface asgi jewelrymodel.sandbox.generator.asgi:app --host 127.0.0.1 --port 8002`
"""

import os
from pathlib import Path

from jewelrymodel.sandbox.generator.app import create_app

app = create_app(Path(os.environ["GENERATOR_DB"]))
