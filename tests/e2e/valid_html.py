"""What the Nu HTML checker says of a folder of pages."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.demo_site import ROOT

JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def findings(folder: Path) -> list[str]:
    """Its errors, each with page and line."""
    if not JAR.exists() or not shutil.which("java"):
        pytest.skip("needs vnu-jar (tools/npm.sh) and Java")
    result = subprocess.run(
        ["java", "-jar", str(JAR), "--format", "json", "--errors-only", str(folder)],
        capture_output=True, text=True, check=False,
    )
    messages = json.loads(result.stderr or '{"messages": []}')["messages"]
    return [
        f"{m['url'].rpartition('/')[2]}:{m.get('lastLine')}: {m['message']}" for m in messages if m["type"] == "error"
    ]
