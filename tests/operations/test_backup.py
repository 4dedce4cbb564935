"""A backup is whole and verified; a restore brings back exactly that, or leaves everything as it was."""

import datetime as dt
import gzip
import io
import json
import shutil
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.models import Page

from everhall.accounts.models import User
from everhall.config import backup, dump
from everhall.config.plainly import RefusedError
from everhall.editions.models import Edition, Venue
from everhall.engines.hls.model import Media, Segment, segment_line
from everhall.exhibition.models import Exhibit
from everhall.live.store import Log, Store
from everhall.realtime.models import NewsItem

NOW = dt.datetime(2021, 10, 19, 4, 0, tzinfo=dt.UTC)


class Silent:
    def step(self, what: str, done: int, total: int) -> None:
        assert done <= total, what


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data of ours"
    settings.MEDIA_ROOT = str(settings.DATA_DIR / "media")
    settings.LIVE_ROOT = str(settings.DATA_DIR / "live")


@pytest.fixture
def made(world, own_folder, tmp_path) -> Path:
    default_storage.save("original_images/海报.png", ContentFile(b"\x89PNG pretend" * 1000))
    target = tmp_path / "backups" / "永不落幕.tar.gz"
    backup.write(target, NOW, Silent())
    return target


def everything() -> dict[str, list[str]]:
    """All kept rows as text, per table."""
    found = {}
    for model in dump.tables():
        fields = dump.columns(model)
        rows = [[repr(dump.as_plain(field, row)) for field in fields] for row in model._base_manager.order_by("pk")]
        found[model._meta.db_table] = sorted(map(str, rows))
    return found


def restore(source: Path, *, replace: bool = True) -> backup.Manifest:
    return backup.restore(source, Silent(), replace=replace, migrate=lambda: None)


def stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def change_everything(settings) -> None:
    Exhibit.objects.all().delete()
    Edition.objects.filter(code="2020").update(name_zh="改名")
    User.objects.create_user("new@example.org", "a long enough password")
    shutil.rmtree(settings.MEDIA_ROOT)
    default_storage.save("new.txt", ContentFile(b"new"))


def test_a_restore_brings_back_every_row_and_every_file(made, settings):
    before = everything()
    assert Venue.objects.exists()
    change_everything(settings)
    manifest = restore(made)
    assert everything() == before
    assert sum(manifest.rows.values()) == sum(map(len, before.values()))
    assert stored("original_images/海报.png") == b"\x89PNG pretend" * 1000
    assert not default_storage.exists("new.txt")
    assert NewsItem.objects.latest("pk").payload["tags"] == ["*"]
    # The tree and the numbering go on where they were.
    assert Page.find_problems() == ([], [], [], [], [])
    assert User.objects.create_user("next@example.org", "a long enough password").pk


@pytest.fixture
def recording(settings, own_folder) -> Path:
    """One recording of two segments; a third, that nobody refers to; and what is not kept."""
    root = Path(settings.LIVE_ROOT)
    store = Store(root)
    media = Media(store.put(b"init", ".mp4"), "", 2.0, 4)
    bodies = [store.put(f"body {n}".encode()) for n in range(3)]
    segments = [
        Segment("feed/main", "r", n, 1000.0 + 2 * n, 2.0 * n, 2.0, {"v720": replace(media, body=bodies[n])}, {}) for n in range(2)
    ]
    Log(root / "recordings" / "7.jsonl").append([segment_line(one) for one in segments], sync=False)
    for path in (root / "recordings" / "7.json", root / "recordings" / "7" / "download.mp4", root / "feeds" / "main" / "picture.jpg"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(path.name.encode())
    return root


def test_recordings_come_back_with_all_that_they_refer_to(world, recording, tmp_path):
    target = tmp_path / "with.tar.gz"
    manifest = backup.write(target, NOW, Silent(), video=True)
    names = [each.name for each in manifest.members if each.name.startswith("live/")]
    assert {Path(name).parent.name for name in names} & {"feeds", "main"} == set()
    assert {"live/recordings/7.jsonl", "live/recordings/7/download.mp4"} <= set(names)
    assert "live/recordings/7.json" not in names
    assert sum(name.startswith("live/store/") for name in names) == 3
    before = {name: (recording.parent / name).read_bytes() for name in names}
    shutil.rmtree(recording)
    (recording / "recordings").mkdir(parents=True)
    (recording / "recordings" / "8.jsonl").write_text("other")
    restore(target)
    assert {name: (recording.parent / name).read_bytes() for name in names} == before
    assert not (recording / "recordings" / "8.jsonl").exists()


def test_a_backup_without_recordings_leaves_those_that_are_here(made, recording):
    restore(made)
    assert (recording / "recordings" / "7.jsonl").exists()


def test_a_file_that_changes_meanwhile_ends_the_backup(world, recording, tmp_path, monkeypatch):
    class Changing(Silent):
        def step(self, what: str, done: int, total: int) -> None:
            if what == "SHA-256" and done == total:
                (recording / "recordings" / "7" / "download.mp4").write_bytes(b"download.mpX")

    with pytest.raises(RefusedError, match="changed"):
        backup.write(tmp_path / "x.tar.gz", NOW, Changing(), video=True)
    assert not (tmp_path / "x.tar.gz").exists()


def test_what_lives_for_an_hour_is_not_in_it_and_no_secret_key_is(made):
    with tarfile.open(made) as tar:
        names = tar.getnames()
    assert names[0] == "manifest.json"
    assert not any("session" in name and "django" in name for name in names)
    assert not any("secret" in name or "newsitem" in name for name in names)


def test_content_is_only_replaced_when_that_is_asked_for(made, settings):
    before = everything()
    with pytest.raises(RefusedError, match="--replace"):
        restore(made, replace=False)
    assert everything() == before


@pytest.mark.parametrize("where", ["flip", "cut", "member", "manifest", "nothing", "other"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(made, settings, where, tmp_path):
    damage(made, where, beside=False)
    change_everything(settings)
    before = everything()
    with pytest.raises(RefusedError, match=r"damaged|there is no"):
        restore(made)
    assert everything() == before
    assert stored("new.txt") == b"new"
    assert not list(Path(settings.DATA_DIR).glob(".everhall-restore-*"))


def test_whichever_byte_is_wrong_it_is_refused_in_words_or_does_not_matter(made, tmp_path):
    """Compressed data fails in other ways than the archive within it. What does not matter: a name in the header, padding at the end."""
    Path(f"{made}.sha256").unlink()
    whole = made.read_bytes()
    told, places = [], range(0, len(whole), max(1, len(whole) // 150))
    for at in places:
        made.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            try:
                backup.unpack(made, Path(folder), Silent())
            except RefusedError as problem:
                told.append(str(problem))
    assert all("damaged" in words for words in told)
    assert len(told) > 0.9 * len(places)


def test_the_sum_beside_the_file_is_compared_too(made):
    Path(f"{made}.sha256").write_text("0" * 64 + "  x\n")
    with pytest.raises(RefusedError, match="checksum differs"):
        restore(made)


def damage(made: Path, where: str, *, beside: bool) -> None:
    if not beside:
        Path(f"{made}.sha256").unlink()
    data = bytearray(made.read_bytes())
    if where == "flip":
        data[len(data) // 2] ^= 255
        made.write_bytes(data)
    elif where == "cut":
        made.write_bytes(data[: len(data) * 2 // 3])
    elif where == "nothing":
        made.unlink()
    elif where == "other":
        made.write_bytes(gzip.compress(b"not a tar"))
    else:
        rewrite(made, lambda name, text: evil(name, text, where))


def evil(name: str, text: bytes, where: str) -> tuple[str, bytes]:
    if where == "member" and name.endswith("editions_edition.jsonl"):
        return name, text.replace(b"2021", b"2031")
    if where == "manifest" and name == "manifest.json":
        manifest = json.loads(text)
        manifest["members"][-1]["name"] = "../outside"
        return name, json.dumps(manifest).encode()
    if where == "manifest" and name.startswith("media/"):
        return "../outside", text
    return name, text


def rewrite(made: Path, change) -> None:
    with tarfile.open(made) as tar:
        members = [(info.name, tar.extractfile(info).read()) for info in tar.getmembers()]
    with tarfile.open(made, "w:gz") as tar:
        for name, text in members:
            new_name, new_text = change(name, text)
            info = tarfile.TarInfo(new_name)
            info.size = len(new_text)
            tar.addfile(info, io.BytesIO(new_text))


def test_a_restore_that_fails_in_the_middle_leaves_the_old_state(made, settings, monkeypatch):
    change_everything(settings)
    before = everything()
    last = max(model._meta.db_table for model in dump.tables())

    def told(self, what, done, total):
        if what == last:
            raise KeyboardInterrupt

    monkeypatch.setattr(Silent, "step", told)
    with pytest.raises(KeyboardInterrupt):
        restore(made)
    assert everything() == before
    assert stored("new.txt") == b"new"


def test_files_come_back_when_the_database_refuses_at_the_very_end(made, settings, monkeypatch):
    change_everything(settings)
    there = backup.Swap.there

    def then_fail(self):
        there(self)
        raise OSError

    monkeypatch.setattr(backup.Swap, "there", then_fail)
    with pytest.raises(OSError):  # noqa: PT011
        restore(made)
    assert stored("new.txt") == b"new"
    assert not default_storage.exists("original_images/海报.png")


def test_a_backup_of_another_version_is_refused_with_what_to_do(made):
    rewrite_manifest(made, lambda manifest: manifest["migrations"].append("editions.9999_next_year"))
    with pytest.raises(RefusedError, match="Upgrade Everhall"):
        restore(made)
    rewrite_manifest(made, lambda manifest: manifest.update(migrations=manifest["migrations"][3:-1]))
    with pytest.raises(RefusedError, match="older version"):
        restore(made)


def rewrite_manifest(made: Path, change) -> None:
    Path(f"{made}.sha256").unlink(missing_ok=True)

    def changed(name: str, text: bytes) -> tuple[str, bytes]:
        if name != "manifest.json":
            return name, text
        manifest = json.loads(text)
        change(manifest)
        return name, json.dumps(manifest).encode()

    rewrite(made, changed)


def test_a_place_that_cannot_be_written_is_named(world, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedError, match="cannot be written"):
        backup.write(tmp_path / "file" / "b.tar.gz", NOW, Silent())
    with pytest.raises(RefusedError, match="is a folder"):
        backup.write(tmp_path, NOW, Silent())
