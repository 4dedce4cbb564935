"""Files that strangers send: read with suspicion, refused with a reason."""

import csv
import io
import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from everhall.engines.sheet_words import Problem, Refused
from everhall.media import enclosures, workbook_writing
from everhall.media.enclosures import EnclosureLimits
from everhall.media.workbook_writing import write_csv, write_xlsx
from everhall.media.workbooks import MEGABYTE, SheetLimits, open_sheet

HEAD = ["code", "name_zh"]


def refusal(call, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value


def values(path: Path) -> list[list[object]]:
    return [list(cells) for _, cells in open_sheet(path).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_that_chinese_excel_writes(tmp_path, encoding, delimiter):
    path = tmp_path / "s.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEAD, ["a-1", "无人机；含,逗号\n换行"]])
    sheet = open_sheet(path)
    assert [list(cells) for _, cells in sheet.rows()] == [HEAD, ["a-1", "无人机；含,逗号\n换行"]]
    assert bool(sheet.notes) == (not encoding.startswith("utf-8"))


def test_bytes_in_no_encoding_are_told_with_their_row(tmp_path):
    path = tmp_path / "s.csv"
    path.write_bytes("code,name_zh\na-1,一\n".encode() + b"a-2,\xff\xfe\xff\n")
    refused = refusal(open_sheet, path)
    assert (refused.code, refused.params["row"]) == ("encoding_unknown", "3")


def test_an_open_quote_is_told_with_its_row(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text('code,name_zh\na-1,"一\n')
    assert refusal(values, path).code == "csv_broken"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"), (b"%PDF-1.7", "not_a_sheet"),
        (b"PK\x03\x04 broken", "broken_workbook"), (os.urandom(64) + b"\0" * 64, "not_a_sheet"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path, data, code):
    path = tmp_path / "s.xlsx"
    path.write_bytes(data)
    assert refusal(open_sheet, path).code == code


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "s.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no")
    assert refusal(open_sheet, path).code == "not_a_sheet"


def rezipped(source: Path, target: Path, **changed: bytes) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return target


def test_a_workbook_with_entities_is_not_parsed(tmp_path):
    good = tmp_path / "good.xlsx"
    write_xlsx(good, "things", HEAD, [["a-1", "一"]])
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
    path = rezipped(good, tmp_path / "s.xlsx", **{"xl/worksheets/sheet1.xml": evil})
    assert refusal(open_sheet, path).code == "workbook_entities"


def test_a_workbook_that_unpacks_too_far_is_refused_before_it_is_read(tmp_path):
    good = tmp_path / "good.xlsx"
    write_xlsx(good, "things", HEAD, [["a-1", "一"]])
    path = rezipped(good, tmp_path / "s.xlsx", **{"xl/worksheets/sheet1.xml": b" " * 3 * MEGABYTE})
    assert refusal(open_sheet, path, limits=SheetLimits(unpacked_bytes=MEGABYTE)).code == "workbook_bomb"


def test_too_many_rows_are_refused(tmp_path):
    path = tmp_path / "s.csv"
    write_csv(path, HEAD, [["a", "b"]] * 11)
    assert refusal(list, open_sheet(path, limits=SheetLimits(rows=10)).rows()).code == "too_many_rows"


def test_a_formula_is_text_in_what_we_write(tmp_path):
    path = tmp_path / "s.xlsx"
    write_xlsx(path, "things", HEAD, [["a-1", "=1+1"]])
    assert values(path)[1] == ["a-1", "=1+1"]


def test_the_report_colours_the_cells_in_question(tmp_path):
    path, target = tmp_path / "s.csv", tmp_path / "r.xlsx"
    write_csv(path, HEAD, [["a-1", "一"], ["a-2", ""]])
    workbook_writing.write_report(target, open_sheet(path), [Problem("required", 3, "name_zh")], lambda p: p.code, "问题")
    import openpyxl

    tab = openpyxl.load_workbook(target).worksheets[0]
    assert [cell.value for cell in tab[1]] == ["问题", *HEAD]
    assert tab["A3"].value == "required"
    assert tab["C3"].fill.fgColor.rgb == workbook_writing.ERROR_FILL.fgColor.rgb


# ---------------------------------------------------------------- zips and pictures
def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    data = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(data, kind)
    return data.getvalue()


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as new:
        for name, data in files.items():
            new.writestr(name, data)
    return path


def test_a_zip_over_the_limit_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "p.zip"
    with path.open("wb") as file:
        file.truncate(500 * MEGABYTE)
    refused = refusal(enclosures.open_enclosures, path, EnclosureLimits())
    assert (refused.code, refused.params["size"], refused.params["limit"]) == ("file_too_big", "500", "300")


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("a.png", b"\0" * 20 * MEGABYTE)
    assert refusal(enclosures.open_enclosures, path, EnclosureLimits()).code == "archive_bomb"


@pytest.mark.parametrize("name", ["../a.png", "/etc/a.png", "x/../../a.png", "C:\\a.png"])
def test_a_path_that_leads_out_is_refused(tmp_path, name):
    path = archive(tmp_path / "p.zip", {name: b"x"})
    assert refusal(enclosures.open_enclosures, path, EnclosureLimits()).code == "archive_path"


def outcomes(whole: bytes, path: Path, read) -> list[str]:
    """Of reading a file with one wrong byte, at many places; anything but a refusal in words gets through to the test."""
    found = []
    for at in range(0, len(whole), max(1, len(whole) // 200)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        try:
            read()
            found.append("")
        except Refused as refused:
            found.append(refused.code)
    return found


def test_whichever_byte_of_a_zip_is_wrong_it_is_refused_in_words(tmp_path):
    path = archive(tmp_path / "p.zip", {"a.txt": b"".join(b"%d " % (at * at) for at in range(3000)), "b.png": picture(size=(300, 200))})

    def read() -> None:
        found = enclosures.open_enclosures(path, EnclosureLimits())
        for name in found.names:
            enclosures.file_sum(found, name)

    assert "archive_broken" in outcomes(path.read_bytes(), path, read)


def test_whichever_byte_of_a_workbook_is_wrong_it_is_refused_in_words(tmp_path):
    path = tmp_path / "w.xlsx"
    write_xlsx(path, "things", HEAD, ([f"值 {at * at}", at] for at in range(400)))
    assert "broken_workbook" in outcomes(path.read_bytes(), path, lambda: values(path))


def test_names_in_gbk_are_read(tmp_path):
    path = tmp_path / "p.zip"
    archive(path, {"XX/YYYY.png": b"x"})
    raw = path.read_bytes().replace(b"XX/YYYY.png", "图/机翼.png".encode("gbk"))
    path.write_bytes(raw)
    assert enclosures.open_enclosures(path, EnclosureLimits()).names == ("图/机翼.png",)


def test_a_name_in_two_folders_must_be_written_with_its_folder(tmp_path):
    found = enclosures.open_enclosures(archive(tmp_path / "p.zip", {"a/1.png": b"x", "b/1.png": b"y"}), EnclosureLimits())
    names = enclosures.index(found.names)
    assert refusal(enclosures.find, names, "1.png").code == "file_ambiguous"
    assert enclosures.find(names, "B/1.PNG") == "b/1.png"


def test_a_link_out_of_a_folder_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.png").write_bytes(b"x")
    (tmp_path / "in" / "a.png").symlink_to(tmp_path / "secret.png")
    assert refusal(enclosures.open_enclosures, tmp_path / "in", EnclosureLimits()).code == "archive_path"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_pictures_are_known_by_their_bytes_and_read_to_the_end(tmp_path, kind):
    data = picture(kind, (400, 300))
    path = archive(tmp_path / "p.zip", {"a.jpg": data, "cut.jpg": data[: len(data) * 2 // 3]})
    found = enclosures.open_enclosures(path, EnclosureLimits())
    facts = enclosures.picture_facts(found, "a.jpg")
    assert (facts.width, facts.height, facts.format) == (400, 300, kind)
    assert refusal(enclosures.picture_facts, found, "cut.jpg").code == "picture_broken"


def huge_png() -> bytes:
    """A header of 30,000 × 30,000 pixels on a picture of one."""
    data = io.BytesIO()
    Image.new("RGB", (1, 1)).save(data, "PNG")
    raw = bytearray(data.getvalue())
    raw[16:24] = (30_000).to_bytes(4, "big") * 2
    raw[29:33] = (PngImagePlugin._crc32(bytes(raw[12:29]))).to_bytes(4, "big")
    return bytes(raw)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.png", huge_png(), "picture_pixels"),
        ("a.svg", b'<?xml version="1.0"?><svg xmlns="x"><script>1</script></svg>', "svg_refused"),
        ("a.png", b"<svg onload='x'/>", "svg_refused"),
        ("a.png", b"MZ\x90 not a picture", "not_a_picture"),
        ("a.gif", b"GIF89a" + b"\0" * 50, "not_a_picture"),
    ],
)
def test_pictures_that_are_none_or_too_much_are_refused(tmp_path, name, data, code):
    found = enclosures.open_enclosures(archive(tmp_path / "p.zip", {name: data}), EnclosureLimits())
    refused = refusal(enclosures.picture_facts, found, name)
    assert refused.code == code
    if code == "picture_pixels":
        assert refused.params["width"] == "30000"
