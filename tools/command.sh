#!/bin/sh
# Puts `everhall` into .venv/bin. Ours instead of pip's console script: pip would need a build back end for this
# checkout, and its scripts hold the folder's path, which breaks when the folder is moved.
set -eu
bin=.venv/bin
site=$("$bin"/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

# The command works from any folder: the code is found by this file, beside its libraries.
cat > "$site"/everhall_checkout.py <<'EOF'
import pathlib
import sys

sys.path.append(str(pathlib.Path(sys.prefix).parent))
EOF
echo "import everhall_checkout" > "$site"/everhall_checkout.pth

cat > "$bin"/everhall <<'EOF'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")"/python -P -m everhall.config.cli "$@"
EOF
chmod +x "$bin"/everhall
