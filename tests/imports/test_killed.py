"""Kill -9 in the middle of an import: nothing half-written, and it can be started again. Real processes on a
database of their own (SQLite in a folder with a space in its name)."""

import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from everhall.media.workbook_writing import write_xlsx
from tests import ready

pytestmark = pytest.mark.slow

ROWS = 1_500


def environment(folder: Path) -> dict[str, str]:
    ours = os.environ | {"EVERHALL_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "everhall.config.settings"}
    ours.pop("EVERHALL_DATABASE_URL", None)
    return ours


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", *arguments]


@pytest.fixture(scope="module")
def framed(tmp_path_factory) -> Path:
    """A data folder with an edition to import into."""
    folder = tmp_path_factory.mktemp("killed") / "data folder"
    ready.copy_sqlite(folder / "everhall.sqlite3")
    subprocess.run(command("benchmarks.imports", "frame"), env=environment(folder), timeout=400, check=True)
    return folder


@pytest.fixture
def home(framed, tmp_path):
    folder = tmp_path / "data folder"
    shutil.copytree(framed, folder)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments), env=environment(folder), capture_output=True, text=True, timeout=400, check=False
        )

    return folder, run, lambda *arguments: subprocess.Popen(command(*arguments), env=environment(folder), stderr=subprocess.DEVNULL)


def ask(folder: Path, question: str):
    connection = sqlite3.connect(folder / "everhall.sqlite3")
    try:
        return connection.execute(question).fetchone()[0]
    finally:
        connection.close()


def files(folder: Path) -> list[Path]:
    return list((folder / "media").rglob("*.png"))


def test_a_killed_import_has_written_nothing_and_starts_again(home, tmp_path):
    folder, run, start = home
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for n in range(20):
        data = io.BytesIO()
        Image.new("RGB", (40, 30), (n, 90, 90)).save(data, "PNG")
        (pictures / f"p{n}.png").write_bytes(data.getvalue())
    sheet = tmp_path / "s.xlsx"
    head = ["code", "name_zh", "venue", "hall", "zone", "pictures"]
    write_xlsx(
        sheet, "exhibits", head,
        [[f"k-{n}", f"示例 {n}", "beijing", "indoor", "a", f"p{n}.png" if n < 20 else ""] for n in range(ROWS)],
    )
    process = start(
        "everhall.config.cli", "import", "exhibits", str(sheet), "--edition", "2021", "--pictures", str(pictures), "--publish"
    )
    progress = folder / "imports" / "1" / "progress.json"
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline and process.poll() is None:
        if progress.exists() and '"writing"' in progress.read_text():
            break
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert ask(folder, "select count(*) from exhibition_exhibit") == 0
    assert ask(folder, "select state from editions_importbatch") == "running"
    assert len(files(folder)) == 20

    # Started again, it is wholly there, with each file once.
    again = run("everhall.config.cli", "import", "--batch", "1")
    assert again.returncode == 0, again.stderr
    assert ask(folder, "select count(*) from exhibition_exhibit") == ROWS
    assert ask(folder, "select state from editions_importbatch") == "applied"
    assert len(files(folder)) == 20

    undone = run("everhall.config.cli", "undo-import", "1")
    assert undone.returncode == 0, undone.stderr
    assert ask(folder, "select count(*) from exhibition_exhibit") == 0
    assert files(folder) == []


def test_a_sheet_with_errors_ends_with_one_sentence_and_a_report(home, tmp_path):
    folder, run, _ = home
    sheet, report = tmp_path / "s.csv", tmp_path / "report.xlsx"
    sheet.write_text("code,name_zh,venue\nk-1,,beijing\n", encoding="gbk")
    ended = run(
        "everhall.config.cli", "import", "exhibits", str(sheet), "--edition", "2021", "--language", "en",
        "--report", str(report),
    )
    assert ended.returncode == 1
    assert "row 2, column “name_zh”: This cell must not be empty." in ended.stderr
    assert report.exists()
    assert ask(folder, "select count(*) from exhibition_exhibit") == 0
