"""``jewelrymodel sandbox``: the payment processor's stand-in alone."""

import argparse
import os
from pathlib import Path

from jewelrymodel.config.server import serve


def run(options: argparse.Namespace) -> int:
    """Serve the stand-in on its port until told to stop, and say how it is reached; return 0.

    No database, no settings of the shop: it needs the file that it keeps everything in, and nothing
    else. A variable ``SANDBOX_…`` that is set counts before an option's default.
    """
    url = f"http://127.0.0.1:{options.port}"
    os.environ["SANDBOX_PORT"] = str(options.port)
    os.environ.setdefault("SANDBOX_DB", str(Path(options.db).resolve()))
    os.environ.setdefault("SANDBOX_PUBLIC_URL", url)
    os.environ.setdefault("SANDBOX_WEBHOOK_URL", options.webhook_url)
    os.environ.setdefault("SANDBOX_WEBHOOK_SECRET", options.webhook_secret)
    print(f"API: {url}   key: sk_test_sandbox_anything   panel: {url}/_sandbox/", flush=True)
    serve("sandbox")
    return 0
