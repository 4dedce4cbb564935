"""What npm `hls-parser` in strict mode says of playlists; needs node and node_modules (tools/npm.sh all)."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.twins import ROOT, node


def strict() -> str:
    """Node with hls-parser, or the test is skipped with the reason."""
    if not (ROOT / "node_modules" / "hls-parser").is_dir():
        pytest.skip("hls-parser is not installed: run tools/npm.sh all")
    return node()


def complaints(texts: Sequence[str]) -> list[str]:
    """One answer per playlist, "" where nothing is wrong."""
    result = subprocess.run(
        [strict(), str(Path(__file__).with_name("hls_strict.mjs"))],
        input=json.dumps(list(texts)), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return json.loads(result.stdout)
