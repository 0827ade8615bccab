"""Let a shop live for months at the sandbox, and compare its rows with the processor's to the cent.

``python tools/shop_months.py --customers 500 --days 92 --seed 7``; without a seed, another shop
each time, and its seed is printed. The same as the test does with 20 customers.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from secrets import randbelow

ROOT = Path(__file__).resolve().parent.parent
TEST = "tests/integration/payments/test_shop_months.py"


def main() -> int:
    """Return 0 where all agree, else what the test returned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--days", type=int, default=92)
    parser.add_argument("--seed", type=int, default=randbelow(100_000))
    options = parser.parse_args()
    command = [sys.executable, "-m", "pytest", TEST, "-q", "-s", "-n", "0", "-p", "no:randomly"]
    env = os.environ | {
        "SHOP_CUSTOMERS": str(options.customers),
        "SHOP_DAYS": str(options.days),
        "SHOP_STEP_DAYS": "1",
        "SHOP_SEED": str(options.seed),
        "LOG_LEVEL": "ERROR",
    }
    print(f"{options.customers} customers, {options.days} days, seed {options.seed}", flush=True)
    return subprocess.run(
        [*command, "--show-capture=no"], cwd=ROOT, env=env, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
