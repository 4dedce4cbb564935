#!/usr/bin/env bash
# make e2e: a real server, a real Chromium. Says what it skips and why.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
unset EVERHALL_DEMO EVERHALL_WEEK_CLOCK || true
export EVERHALL_DATA="${EVERHALL_TEST_DATA:-$PWD/.venv/test-data}"
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then
  echo "skipped: browser tests (no Chromium; on Debian: apt-get install chromium fonts-noto-cjk)"
  exit 0
fi
command -v java >/dev/null || echo "will be skipped: HTML validation (no Java; on Debian: apt-get install default-jre-headless)"
# Pages and walks on all cores, each file of walks in one process. Walks that watch live pictures keep real time, and so go one
# after the other with nothing beside them.
walks=(tests/e2e/test_*_walk.py)
live=(tests/e2e/test_{launch,screens,stage,talk,video}_walk.py)
others=()
for walk in "${walks[@]}"; do [[ " ${live[*]} " == *" $walk "* ]] || others+=("$walk"); done
workers=${EVERHALL_TEST_WORKERS:-2}
# All three run, so that one run tells everything that is red.
red=""
"$bin"/python -m pytest -q -n "$workers" --dist worksteal tests/e2e "${walks[@]/#/--ignore=}" || red="$red pages"
"$bin"/python -m pytest -q -n "$workers" --dist loadfile "${others[@]}" || red="$red walks"
"$bin"/python -m pytest -q "${live[@]}" || red="$red live-walks"
[ -z "$red" ] || { echo "red:$red"; exit 1; }
