"""What npm `hls-parser` in strict mode says of playlists; needs node and node_modules (tools/npm.sh all)."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def node() -> str:
    """Node with hls-parser, or the test is skipped with the reason."""
    found = shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv" / "bin"))
    if not found:
        pytest.skip("there is no node: tools/npm.sh brings it")
    if not (ROOT / "node_modules" / "hls-parser").is_dir():
        pytest.skip("hls-parser is not installed: run tools/npm.sh all")
    return found


def complaints(texts: Sequence[str]) -> list[str]:
    """One answer per playlist, "" where nothing is wrong."""
    result = subprocess.run(
        [node(), str(Path(__file__).with_name("hls_strict.mjs"))],
        input=json.dumps(list(texts)), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return json.loads(result.stdout)
