"""Files of the live path: whole or not there, also after kill -9 at any moment."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from everhall.engines.hls.model import Media, Segment, address, address_of, part_name, segment_line
from everhall.live.store import Disk, Log, Reserve, Room, Store, Tail

MEDIA = {"v720": Media("a" * 32, "b" * 32, 2.0, 1000)}


def segment(index: int) -> Segment:
    return Segment("feed/a", "r1", index, 100.0 + 2 * index, 2.0 * index, 2.0, MEDIA)


def lines(*indexes: int) -> list[str]:
    return [segment_line(segment(index)) for index in indexes]


def indexes(found) -> list[int]:
    return [line.index for line in found]


# ---------------------------------------------------------------- store


def test_the_same_bytes_have_one_address_and_one_file(tmp_path):
    store = Store(tmp_path)
    first = store.put(b"picture and sound")
    assert store.put(b"picture and sound") == first
    assert store.get(first) == b"picture and sound"
    assert store.put(b"init", ".mp4") != first
    files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in files) == [".m4s", ".mp4"]


@pytest.mark.parametrize("count", [1, 3, 5000])
def test_pieces_become_one_file_under_the_address_of_the_whole(tmp_path, count):
    # More than one call may write (IOV_MAX), and one call more than it takes at once.
    pieces = [b"", *(memoryview(b"%d," % n * 100) for n in range(count)), b""]
    whole = b"".join(pieces)
    store = Store(tmp_path)
    store.put_as(address_of(pieces), pieces)
    assert store.get(address(whole)) == whole
    assert store.put(whole) == address_of(pieces)


def test_content_that_is_put_again_is_young_again(tmp_path):
    store = Store(tmp_path)
    path = store.path(store.put(b"slate"))
    os.utime(path, (1000, 1000))
    store.put(b"slate")
    assert path.stat().st_mtime > 1_000_000


@pytest.mark.parametrize(
    "name", ["", "..", "a" * 31, "A" * 32, "../" + "a" * 32, "a" * 32 + "\n", "a" * 32 + ".m4s"]
)
def test_what_is_no_address_has_no_path(tmp_path, name):
    with pytest.raises(ValueError, match="address"):
        Store(tmp_path).path(name)


@pytest.mark.parametrize(
    ("feed", "name"),
    [("..", "r/0.0.v720.m4s"), ("a", "../0.0.v720.m4s"), ("a", "r/0.0.v720.m4s/.."), ("a/b", "r/0.0.v720.m4s"),
     ("a", "r/0.0.v720.mp4"), ("a", "r/0.0...m4s"), ("", "r/0.0.v720.m4s"), ("a", "r/0.0.v720.m4s\n")],
)  # fmt: skip
def test_what_is_no_name_of_a_part_has_no_path(tmp_path, feed, name):
    with pytest.raises(ValueError, match="name"):
        Store(tmp_path).part_path(feed, name)


def test_parts_go_when_their_segment_is_long_gone(tmp_path):
    store = Store(tmp_path)
    for index in range(3):
        for rendition in ("v720", "a-zh"):
            assert store.put_part("main", part_name("r1", index, 0, rendition), b"part")
    store.drop_parts("main", "r1", 2)
    assert sorted(path.name for path in store.parts_of("main", "r1")) == ["2.0.a-zh.m4s", "2.0.v720.m4s"]
    assert store.part_path("main", part_name("r1", 2, 0, "v720")).read_bytes() == b"part"
    store.drop_parts("main", "never", 9)


def test_pictures_stop_before_parts_and_parts_before_segments(tmp_path):
    free = [100]
    store = Store(tmp_path, disk=lambda _path: Disk(free[0], 1000), reserve=Reserve(150, 50, 30))
    seen = []
    for free[0] in (500, 140, 40, 20, 0):
        seen.append(store.room(fresh=True))
        kept = store.put_part("main", part_name("r1", free[0], 0, "v720"), b"part")
        assert kept == (free[0] >= 30)
        assert store.get(store.put(b"segment %d" % free[0]))
    assert seen == [Room.PLENTY, Room.LOW, Room.NO_PICTURES, Room.NO_PARTS, Room.NO_PARTS]


def test_a_write_that_fails_leaves_nothing(tmp_path, tmp_path_factory):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        store = Store(small, disk=lambda _path: Disk(10**12, 10**12))
        kept = store.put(b"k" * 20_000)
        with pytest.raises(OSError, match="space") as problem:
            store.put(b"x" * 100_000)
        assert problem.value.errno == errno.ENOSPC
        assert not store.put_part("main", part_name("r1", 0, 0, "v720"), b"x" * 100_000)
        log = Log(small / "log.jsonl")
        log.append(lines(0))
        with pytest.raises(OSError, match="space"):
            log.append(lines(*range(1, 2000)))
        assert indexes(log.read_all()) == [0]
        log.append(lines(1))
        assert indexes(log.read_all()) == [0, 1]
        log.close()
        assert store.get(kept) == b"k" * 20_000
        assert [path.name for path in small.rglob(".*")] == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


# ---------------------------------------------------------------- logs


def test_a_torn_last_line_is_cut_off_at_the_next_opening(tmp_path):
    path = tmp_path / "log.jsonl"
    log = Log(path)
    log.append(lines(0, 1))
    log.close()
    whole = path.read_bytes()
    for torn in range(1, 40, 7):
        path.write_bytes(whole + lines(2)[0].encode()[:torn])
        assert indexes(Log.reading(path)) == [0, 1]
        log = Log(path)
        log.append(lines(2))
        assert indexes(log.read_all()) == [0, 1, 2]
        log.close()


def test_a_log_of_one_torn_line_is_empty(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"x" * 200_000)
    log = Log(path)
    assert path.stat().st_size == 0
    assert log.last(3) == []
    log.close()


def test_the_last_lines_are_read_from_the_end(tmp_path):
    log = Log(tmp_path / "log.jsonl")
    log.append(lines(*range(3000)), sync=False)
    assert indexes(log.last(1)) == [2999]
    assert indexes(log.last(900)) == list(range(2100, 3000))
    assert indexes(log.last(9000)) == list(range(3000))
    log.close()


def test_lines_that_nobody_knows_are_passed_over(tmp_path):
    log = Log(tmp_path / "log.jsonl")
    log.append([*lines(0), '["ended","gone"]', "{}", "no line at all", "", *lines(1)])
    assert indexes(log.read_all()) == [0, 1]
    log.close()


# ---------------------------------------------------------------- following


def test_a_follower_hears_each_line_once_and_no_half_line(tmp_path):
    path = tmp_path / "log.jsonl"
    tail = Tail(path)
    assert tail.new() == []
    log = Log(path)
    assert tail.new() == []
    log.append(lines(0, 1))
    assert indexes(tail.new()) == [0, 1]
    assert tail.new() == []
    with path.open("ab") as file:
        third = lines(2)[0].encode()
        file.write(third[:30])
        file.flush()
        assert tail.new() == []
        file.write(third[30:] + b"\n")
    assert indexes(tail.new()) == [2]
    log.close()
    tail.close()


def test_a_follower_reads_the_old_log_to_its_end_when_it_begins_anew(tmp_path):
    log = Log(tmp_path / "air.jsonl")
    tail = Tail(log.path)
    log.append(lines(0))
    assert indexes(tail.new()) == [0]
    log.append(lines(1))
    log.truncate()
    log.append(lines(7))
    assert indexes(tail.new()) == [1, 7]
    assert tail.turns == 1
    log.truncate()
    assert tail.new() == []
    assert tail.turns == 2
    log.close()
    tail.close()


def test_a_follower_may_begin_with_the_last_lines(tmp_path):
    log = Log(tmp_path / "log.jsonl")
    log.append(lines(*range(2000)))
    tail = Tail(log.path, last=3)
    assert indexes(tail.new()) == [1997, 1998, 1999]
    log.append(lines(2000))
    assert indexes(tail.new()) == [2000]
    log.close()
    tail.close()


WRITER = """
import sys
from pathlib import Path
from everhall.live.store import Log, Store
root = Path(sys.argv[1])
store, log = Store(root), Log(root / "log.jsonl")
print("ready", flush=True)
for n in range(100_000):
    name = store.put(str(n).encode() * 5000)
    store.put_part("main", f"r1/{n}.0.v720.m4s", b"p" * 50_000)
    log.append(['["segment","feed/a","r1",%d,0,0,2,{"v720":["","%s",2,1]},{}]' % (n, name)])
"""


def test_a_writer_killed_at_any_moment_leaves_whole_files_and_whole_lines(tmp_path):
    for turn in range(3):
        root = tmp_path / str(turn)
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(root)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.03 + 0.041 * turn)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        store, log = Store(root), Log(root / "log.jsonl")
        told = log.read_all()
        assert indexes(told) == list(range(len(told)))
        for line in told:
            assert store.get(line.media["v720"].body) == str(line.index).encode() * 5000
        assert all(path.stat().st_size == 50_000 for path in store.parts_of("main", "r1"))
        log.close()
