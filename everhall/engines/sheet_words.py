"""What can be wrong in a sheet, and how it is said in Chinese and English.

In: a `Problem` (where, which code, with which particulars). Out: a sentence that says what is wrong and
one that says what to do. Must stay true: every code has both languages and the same particulars in each
(a test formats them all), because a half-translated error is met by somebody at three in the morning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from everhall.engines import sheet_words_exchange
from everhall.engines.bilingual import is_chinese

ERROR: Final = "error"
WARNING: Final = "warning"

#: Header of the column that a report sheet adds; ignored when the sheet is sent again.
PROBLEM_HEADERS: Final = ("问题", "problems")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place. `row` counts as spreadsheet programs do; 0 means the whole file."""

    code: str
    row: int = 0
    column: str = ""
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        return self.code not in WARNINGS


class Refused(Exception):  # noqa: N818 - no fault of the program, but an answer
    """A cell, a file or a picture that cannot be taken; `code` is a key of `WORDS`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}


#: Codes that are said but do not stop an import.
WARNINGS: Final = frozenset(
    {
        "encoding_note", "delimiter_note", "other_tab", "draft_beneath", "picture_extension",
        "comes_as_draft", "unknown_picture_archive_file", "clash_note",
    }
) | sheet_words_exchange.NOTES

#: code -> (zh what, zh what to do, en what, en what to do)
WORDS: Final[dict[str, tuple[str, str, str, str]]] = {
    # ------------------------------------------------------------ the file
    "file_missing": (
        "找不到文件“{name}”。", "请检查路径和文件名。",
        "There is no file “{name}”.", "Check the path and the name.",
    ),
    "file_empty": (
        "文件“{name}”是空的。", "请上传第一行为列名的表格。",
        "The file “{name}” is empty.", "Send a sheet whose first row holds the column names.",
    ),
    "file_too_big": (
        "文件“{name}”有 {size} MB，上限为 {limit} MB。", "请分成几个较小的文件，或压缩图片后再上传。",
        "The file “{name}” has {size} MB; the limit is {limit} MB.",
        "Split it into smaller files, or make the pictures smaller.",
    ),
    "not_a_sheet": (
        "“{name}”不是 XLSX 或 CSV 表格。", "请在电子表格软件中另存为 XLSX 或 CSV（UTF-8）。",
        "“{name}” is not an XLSX or CSV sheet.", "Save it as XLSX or CSV (UTF-8) in your spreadsheet program.",
    ),
    "old_excel": (
        "“{name}”是旧版 Excel（.xls）文件，或设有打开密码。", "请去掉密码，另存为 .xlsx。",
        "“{name}” is an old Excel file (.xls) or is protected by a password.",
        "Remove the password and save it as .xlsx.",
    ),
    "broken_workbook": (
        "工作簿“{name}”已损坏，无法读取。", "请在电子表格软件中打开并重新保存。",
        "The workbook “{name}” is damaged and cannot be read.",
        "Open it in your spreadsheet program and save it again.",
    ),
    "workbook_bomb": (
        "工作簿解开后有 {size} MB，上限为 {limit} MB。", "请删除多余的工作表、图片和格式，或分成几个文件。",
        "The workbook unpacks to {size} MB; the limit is {limit} MB.",
        "Remove spare tabs, pictures and formatting, or split it.",
    ),
    "workbook_entities": (
        "工作簿含有外部实体声明，可能有害，未读取。", "请在电子表格软件中新建工作簿，把内容粘贴进去。",
        "The workbook declares XML entities, which can do harm; it was not read.",
        "Paste the content into a new workbook.",
    ),
    "too_many_rows": (
        "表格超过 {limit} 行。", "请分成几个文件，分批导入。",
        "The sheet has more than {limit} rows.", "Split it and import it in parts.",
    ),
    "encoding_unknown": (
        "第 {row} 行附近无法按 UTF-8、GB18030 或 UTF-16 解读文字。", "请另存为“CSV UTF-8”或 XLSX。",
        "Near row {row} the text is neither UTF-8 nor GB18030 nor UTF-16.",
        "Save it as “CSV UTF-8” or as XLSX.",
    ),
    "encoding_note": (
        "文件编码按 {encoding} 读取。", "如果中文显示不对，请另存为 UTF-8 后再上传。",
        "The file was read as {encoding}.", "If the Chinese looks wrong, save it as UTF-8 and send it again.",
    ),
    "csv_broken": (
        "第 {row} 行附近的引号没有成对，或单元格过长。", "请检查该行的双引号。",
        "Near row {row} a quotation mark is not closed, or a cell is too long.",
        "Check the double quotes in that row.",
    ),
    "other_tab": (
        "工作簿有多个工作表，读取的是“{tab}”。", "如不对，请把要导入的工作表命名为“{wanted}”。",
        "The workbook has several tabs; “{tab}” was read.", "If that is wrong, name the right tab “{wanted}”.",
    ),
    # ------------------------------------------------------------ the header
    "wrong_sheet": (
        "这看起来是“{seen}”表，不是“{wanted}”表。", "请选择正确的种类，或上传正确的文件。",
        "This looks like a sheet of {seen}, not of {wanted}.", "Choose the right kind, or the right file.",
    ),
    "no_header": (
        "第 1 行没有认得的列名。", "第 1 行应为列名，例如：{expected}。",
        "Row 1 holds no column name known here.", "Row 1 must hold column names, for example: {expected}.",
    ),
    "header_lower": (
        "列名在第 {at} 行，而不在第 1 行。", "请删除列名上面的行。",
        "The column names stand in row {at}, not in row 1.", "Delete the rows above them.",
    ),
    "column_unknown": (
        "不认得列名“{name}”。", "{hint}请改正列名或删除此列。可用的列：{known}。",
        "The column “{name}” is not known.", "{hint}Correct its name or delete it. Known columns: {known}.",
    ),
    "column_missing": (
        "缺少必需的列“{name}”。", "请加上这一列。",
        "The column “{name}” is missing.", "Add it.",
    ),
    "column_twice": (
        "列“{name}”出现了两次（第 {first} 列和第 {second} 列）。", "请删除或合并其中一列。",
        "The column “{name}” stands there twice (columns {first} and {second}).", "Delete or merge one.",
    ),
    "cell_without_column": (
        "第 {at} 列有内容，但没有列名。", "请删除内容，或检查引号和分隔符。",
        "Column {at} has content but no name.", "Delete it, or check quotes and separators.",
    ),
    "no_rows": (
        "表格只有列名，没有内容。", "请从第 2 行起填写。",
        "The sheet has column names but no rows.", "Fill it in from row 2 on.",
    ),
    # ------------------------------------------------------------ cells
    "required": ("此格必填。", "请填写。", "This cell must not be empty.", "Fill it in."),
    "too_long": (
        "有 {length} 个字符，最多 {limit} 个。", "请缩短。",
        "It has {length} characters; at most {limit} fit.", "Shorten it.",
    ),
    "control_character": (
        "含有不可见的控制字符。", "请删除该内容后重新输入。",
        "It holds invisible control characters.", "Delete it and type it again.",
    ),
    "excel_error": (
        "单元格是公式错误“{error}”。", "请修正公式，或改成普通文字。",
        "The cell is the formula error “{error}”.", "Mend the formula, or write plain text.",
    ),
    "bad_code": (
        "编码“{value}”不符合格式。", "只用小写字母、数字和单个连字符，例如 bj-a-017。",
        "“{value}” is not a code.", "Use lower-case letters, digits and single hyphens, such as bj-a-017.",
    ),
    "code_twice": (
        "编码“{value}”在第 {first} 行已经用过。", "每个编码只能出现一次。",
        "The code “{value}” stands in row {first} already.", "Use each code once.",
    ),
    "not_a_choice": (
        "“{value}”不是可选的值。", "可选：{options}。",
        "“{value}” is not one of the choices.", "Choose from: {options}.",
    ),
    "not_yes_no": (
        "“{value}”既不是 yes 也不是 no。", "请填 yes 或 no（是/否）。",
        "“{value}” is neither yes nor no.", "Write yes or no.",
    ),
    "not_a_number": (
        "“{value}”不是 {low} 到 {high} 之间的整数。", "请填整数。",
        "“{value}” is not a whole number from {low} to {high}.", "Write a whole number.",
    ),
    "not_a_url": (
        "“{value}”不是网址。", "请以 https:// 或 http:// 开头写全。",
        "“{value}” is not a web address.", "Write it in full, beginning with https:// or http://.",
    ),
    "not_a_moment": (
        "“{value}”不是日期时间。", "请写成 2021-10-19 14:30（会场当地时间）。",
        "“{value}” is not a date and time.", "Write it like 2021-10-19 14:30 (the venue's local time).",
    ),
    "no_such_moment": (
        "“{value}”在时区 {zone} 中不存在（夏令时跳过）。", "请换一个时间。",
        "“{value}” does not exist in {zone} (skipped by summer time).", "Choose another time.",
    ),
    "harmful_html": (
        "文字中含有脚本或嵌入内容（{found}）。", "请删除；可用的标记：{allowed}。",
        "The text holds a script or embedded content ({found}).", "Remove it; allowed tags: {allowed}.",
    ),
    "bad_person": (
        "“{value}”不是“名字|Name|头衔|Title”的写法。", "人之间用分号，各项之间用竖线，名字必填。",
        "“{value}” is not written as “名字|Name|头衔|Title”.",
        "Semicolons between people, bars between the parts; a name is needed.",
    ),
    "not_at_venue": (
        "“{value}”不是“会场编码/设备编码”的写法。", "请写成例如 beijing/relay-van。",
        "“{value}” is not written as a venue's code, a slash and a code.", "Write it like beijing/relay-van.",
    ),
    "not_between": (
        "“{value}”不是两个会场。", "请用斜线连接两个不同会场的编码，例如 beijing/zhengzhou。",
        "“{value}” does not name two venues.", "Write the codes of two different venues with a slash, like beijing/zhengzhou.",
    ),
    "bad_need": (
        "“{value}”不是“设备编码*数量”的写法。", "例如 booths*2；其他会场的设备写成 beijing/relay-van。",
        "“{value}” is not written as code*count.", "Like booths*2; equipment of another venue like beijing/relay-van.",
    ),
    "twice_in_list": (
        "“{value}”在此格中重复。", "请删除一个。",
        "“{value}” stands twice in this cell.", "Delete one.",
    ),
    # ------------------------------------------------------------ what the cells refer to
    "unknown_reference": (
        "找不到{what_zh}“{value}”。", "{hint}请先导入或新建它，或改正编码。",
        "There is no {what} “{value}”.", "{hint}Import or make it first, or correct the code.",
    ),
    "ambiguous_reference": (
        "“{value}”对应多个{what_zh}。", "请写成“{example}”。",
        "“{value}” means more than one {what}.", "Write it as “{example}”.",
    ),
    "needs_other": (
        "填写此格时，列“{other}”也必填。", "请填写“{other}”。",
        "With this cell, “{other}” must be filled in too.", "Fill in “{other}”.",
    ),
    "out_of_reach": (
        "您无权改动会场“{venue}”的内容。", "请删除此行，或请该会场的团队导入。",
        "You may not change what belongs to the venue “{venue}”.",
        "Delete the row, or ask that venue's team to import it.",
    ),
    "not_allowed": (
        "您无权导入此类内容。", "请联系组织者。",
        "You may not import this kind.", "Ask an organiser.",
    ),
    "held_elsewhere": (
        "编码“{value}”已属于会场“{venue}”的内容，您无权改动。", "请换一个编码。",
        "The code “{value}” belongs to something of the venue “{venue}” that you may not change.",
        "Use another code.",
    ),
    "locked": (
        "“{value}”正被锁定或在审核中。", "请等待审核结束，或请其解锁。",
        "“{value}” is locked or under review.", "Wait for the review, or ask to have it unlocked.",
    ),
    "draft_beneath": (
        "“{value}”有未发布的修改（{when}，{who}）。", "导入会盖过它；旧稿仍留在历史记录中。",
        "“{value}” has unpublished changes ({when}, {who}).",
        "The import goes on top of them; the draft stays in the history.",
    ),
    "comes_as_draft": (
        "您没有发布权限：{count} 项作为草稿导入。", "请在后台提交审核。",
        "You may not publish: {count} come in as drafts.", "Submit them for approval in the desk.",
    ),
    "before_edition": (
        "{value} 在本届（{first} 至 {last}）之前。", "请检查日期。",
        "{value} is before the edition ({first} to {last}).", "Check the date.",
    ),
    "after_edition": (
        "{value} 在本届（{first} 至 {last}）之后。", "请检查日期。",
        "{value} is after the edition ({first} to {last}).", "Check the date.",
    ),
    "ends_before_start": (
        "结束时间不晚于开始时间（{start}）。", "请检查两个时间。",
        "The end is not after the beginning ({start}).", "Check both times.",
    ),
    "clash_note": (
        "与场次“{other}”冲突（{where}）。", "请检查时间和舞台。",
        "It clashes with the session “{other}” ({where}).", "Check time and stage.",
    ),
    # ------------------------------------------------------------ pictures and files
    "archive_broken": (
        "“{name}”不是可读取的 zip 压缩包。", "请重新压缩为普通 zip。",
        "“{name}” is not a readable zip.", "Pack it again as a plain zip.",
    ),
    "archive_bomb": (
        "压缩包“{name}”解开后有 {size} MB（上限 {limit} MB），或压缩比异常。", "请只放图片和文件，分批上传。",
        "The zip “{name}” unpacks to {size} MB (limit {limit} MB) or at an absurd ratio.",
        "Pack only pictures and documents, in parts.",
    ),
    "archive_members": (
        "压缩包含有 {count} 个文件，上限为 {limit} 个。", "请分成几个压缩包。",
        "The zip holds {count} files; the limit is {limit}.", "Split it.",
    ),
    "archive_path": (
        "压缩包中有不安全的路径“{name}”。", "请重新压缩，只用相对路径，不含“..”和链接。",
        "The zip holds the unsafe path “{name}”.", "Pack it again without “..”, absolute paths or links.",
    ),
    "archive_locked": (
        "压缩包设有密码，或压缩方式不受支持（“{name}”）。", "请压缩为不加密的普通 zip。",
        "The zip is encrypted or packed in an unknown way (“{name}”).", "Pack it as a plain zip.",
    ),
    "file_not_given": (
        "没有文件“{value}”。", "{hint}请把它放进 zip 或文件夹，文件名须一致。",
        "There is no file “{value}”.", "{hint}Put it into the zip or folder under exactly this name.",
    ),
    "file_ambiguous": (
        "有多个名为“{value}”的文件。", "请写上文件夹，例如“{example}”。",
        "Several files are named “{value}”.", "Write the folder too, such as “{example}”.",
    ),
    "svg_refused": (
        "“{value}”是 SVG，其中可能含有脚本，不接受。", "请另存为 PNG 或 WebP。",
        "“{value}” is an SVG, which can carry scripts; it is not accepted.", "Save it as PNG or WebP.",
    ),
    "not_a_picture": (
        "“{value}”不是 JPEG、PNG、WebP 或 AVIF 图片。", "请另存为 JPEG 或 PNG。",
        "“{value}” is not a JPEG, PNG, WebP or AVIF picture.", "Save it as JPEG or PNG.",
    ),
    "master_refused": (
        "“{value}”：{what_zh}", "{do_zh}",
        "“{value}”: {what_en}", "{do_en}",
    ),
    "caption_without_film": (
        "字幕“{value}”没有对应的新视频。", "命名为“视频名.zh.vtt”或“视频名.en.vtt”，并与视频写在同一行；已有视频的字幕请在后台修改。",
        "The captions “{value}” belong to no film that comes with this row.", "Name them film.zh.vtt or film.en.vtt as the film of the row; captions of films that are there are changed in the desk.",
    ),
    "picture_broken": (
        "图片“{value}”不完整或已损坏。", "请重新导出该图片。",
        "The picture “{value}” is truncated or damaged.", "Export it again.",
    ),
    "picture_pixels": (
        "图片“{value}”为 {width} × {height} 像素，上限为 {limit} 百万像素。", "请缩小后再上传。",
        "The picture “{value}” has {width} × {height} pixels; the limit is {limit} megapixels.",
        "Make it smaller.",
    ),
    "picture_extension": (
        "“{value}”实际是 {format} 图片，将按实际格式保存。", "建议改正扩展名。",
        "“{value}” is a {format} picture in truth and is kept as such.", "Consider correcting its name.",
    ),
    "not_a_document": (
        "“{value}”不是可接受的文件（{allowed}）。", "请换一种格式。",
        "“{value}” is not an accepted file ({allowed}).", "Use another format.",
    ),
    "unknown_picture_archive_file": (
        "有 {count} 个文件没有被任何行使用，例如“{name}”。", "如不是有意的，请检查文件名。",
        "{count} files are used by no row, such as “{name}”.", "Check the names if that is not intended.",
    ),
    # ------------------------------------------------------------ undo
    "changed_since": (
        "“{value}”在导入之后又被改过，没有撤销。", "请手工处理。",
        "“{value}” was changed after the import and was left as it is.", "Settle it by hand.",
    ),
    "used_since": (
        "“{value}”已被别处使用，没有删除。", "请先解除引用。",
        "“{value}” is used elsewhere by now and was not deleted.", "Remove what refers to it first.",
    ),
    **sheet_words_exchange.WORDS,
}


def what(problem: Problem, language: str | None) -> str:
    """What is wrong, without where."""
    zh, _, en, _ = WORDS[problem.code]
    return (zh if is_chinese(language) else en).format(**particulars(problem))


def remedy(problem: Problem, language: str | None) -> str:
    """What to do."""
    _, zh, _, en = WORDS[problem.code]
    return (zh if is_chinese(language) else en).format(**particulars(problem))


def where(problem: Problem, language: str | None) -> str:
    """Row and column, '' for the whole file."""
    chinese = is_chinese(language)
    parts = []
    if problem.row:
        parts.append(f"第 {problem.row} 行" if chinese else f"row {problem.row}")
    if problem.column:
        parts.append(f"列“{problem.column}”" if chinese else f"column “{problem.column}”")
    return ("，" if chinese else ", ").join(parts)


def sentence(problem: Problem, language: str | None) -> str:
    """Where, what, and what to do, in one line."""
    chinese = is_chinese(language)
    place = where(problem, language)
    head = f"{place}：" if place and chinese else f"{place}: " if place else ""
    gap = "" if chinese else " "
    return f"{head}{what(problem, language)}{gap}{remedy(problem, language)}"


def particulars(problem: Problem) -> dict[str, str]:
    short = problem.value if len(problem.value) <= 80 else problem.value[:77] + "…"
    return {"value": short, "row": str(problem.row)} | dict(problem.params)
