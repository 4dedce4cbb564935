#!/usr/bin/env bash
# Lock Python libraries with hashes and npm's without addresses: no file names a registry.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in run dev node; do
  .venv/bin/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url \
    --python-version 3.11 --universal "requirements/$name.in" --output-file "requirements/$name.txt"
done
# What the demo shows is fetched, never installed, and the validator takes what requirements/dev.txt brings.
for name in samples validators; do
  .venv/bin/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --no-deps \
    --python-version 3.11 --universal "requirements/$name.in" --output-file "requirements/$name.txt"
done
npm install --package-lock-only --no-audit --no-fund --omit-lockfile-registry-resolved
if grep -nE '"resolved"|https?://[^ ]*(registry|pypi|simple)' package-lock.json requirements/*.txt; then
  echo "A lock file names a registry."; exit 1
fi
