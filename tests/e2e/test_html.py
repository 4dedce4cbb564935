"""The Nu HTML checker finds no error in any kind of page, in both languages."""

import json
import shutil
import subprocess

import pytest

from tests.e2e.demo_site import ROOT, get

pytestmark = pytest.mark.e2e
JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def test_html_is_valid(demo_pages, tmp_path):
    if not JAR.exists() or not shutil.which("java"):
        pytest.skip("needs vnu-jar (tools/npm.sh) and Java")
    address, pages = demo_pages
    for kind, path in pages.items():
        for language in ("", "/en"):
            _, body = get(address + language + path)
            name = f"{kind}{language}".replace(" ", "-").replace("/", "-")
            (tmp_path / f"{name}.html").write_bytes(body)
    result = subprocess.run(
        ["java", "-jar", str(JAR), "--format", "json", "--errors-only", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )
    messages = json.loads(result.stderr or '{"messages": []}')["messages"]
    found = [
        f"{m['url'].rpartition('/')[2]}:{m.get('lastLine')}: {m['message']}"
        for m in messages if m["type"] == "error"
    ]
    assert not found, "\n".join(found[:30])
