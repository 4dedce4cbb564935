#!/usr/bin/env bash
# make check: style, types, contracts, migrations, docs. Every check runs; the exit code tells of any failure.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
unset EVERHALL_DATABASE_URL || true
export EVERHALL_DATA="${EVERHALL_TEST_DATA:-$PWD/.venv/test-data}"
failed=()
step() {
  local name=$1
  shift
  echo "== $name"
  "$@" || failed+=("$name")
}
step "ruff" "$bin"/ruff check .
# The longest one, on a core of its own.
types=$(mktemp)
"$bin"/mypy everhall benchmarks >"$types" 2>&1 &
mypy=$!
step "contracts" "$bin"/lint-imports --no-cache
step "migrations" "$bin"/python -m everhall.config.cli makemigrations --check --dry-run
# Our check asks the database too, so it gets one.
"$bin"/python -m tests.ready "$EVERHALL_DATA/everhall.sqlite3"
step "system check" "$bin"/python -m everhall.config.cli check
step "docs, messages, file sizes" "$bin"/python -m pytest -q tests/architecture
echo "== mypy"
wait "$mypy" || failed+=("mypy")
cat "$types"
rm -f "$types"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
echo "all checks passed"
