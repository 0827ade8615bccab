"""``make campaign``: the long form, in a folder of its own; exit status 1 where anything broke."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from jewelrymodel.infra.postgres import EmbeddedPostgres
from tests.support import prepared_database
from tests.support.campaign.course import Course
from tests.support.service import start


def main() -> int:
    """Run one campaign and say what it found."""
    options = _options()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"campaign: seed {seed} (repeat with SEED={seed})", flush=True)
    root = Path(tempfile.mkdtemp(prefix="jm-campaign-"))
    root.chmod(0o711)  # the database's user must pass through it
    data_dir = root / "data"
    data_dir.mkdir()
    prepared_database.unpack(data_dir / "pg")
    service = start(data_dir, "--empty", port=options.port)
    service.wait_until_ready()
    database = EmbeddedPostgres(data_dir / "pg", data_dir / "run").owner_url
    course = Course(service, database, seed=seed, hurry=options.hurry)
    try:
        outcome = course.run(
            tasks=options.tasks,
            purchases=options.purchases,
            plans=options.plans,
            quiet_s=options.quiet,
            say=lambda what: print(what, flush=True),
        )
    finally:
        course.saboteur.stop()
    print(outcome)
    if outcome.violations:
        print(f"the data and logs stay in {root}")
        return 1
    shutil.rmtree(root)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="campaign", description=__doc__)
    parser.add_argument("--seed", type=int, help="what decides all acts; else drawn and printed")
    parser.add_argument("--tasks", type=int, default=10_000, help="orders of images")
    parser.add_argument("--purchases", type=int, default=2_000)
    parser.add_argument("--plans", type=int, default=50, help="customers who take a plan")
    parser.add_argument("--quiet", type=float, default=1_800, help="seconds to come to rest in")
    parser.add_argument("--port", type=int, default=None, help="the first of four")
    parser.add_argument("--hurry", action="store_true", help="retries don't wait for the clock")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
