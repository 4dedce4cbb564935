"""What can be wrong with a floor plan, and how it is said in Chinese and English.

In: a `Complaint` (which code, with which particulars). Out: what is wrong and what to do. Must stay true: every code has
both languages with the same particulars (a test formats them all).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from everhall.engines.bilingual import is_chinese


@dataclass(frozen=True, slots=True)
class Complaint:
    """`code` is a key of `WORDS`."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        return self.code not in WARNINGS


class Unfit(Exception):  # noqa: N818 - no fault of the program, but an answer
    """A plan that cannot be taken, with all that is wrong with it."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(", ".join(one.code for one in self.complaints))


def unfit(code: str, /, **params: object) -> Unfit:
    return Unfit([complaint(code, **params)])


def complaint(code: str, /, **params: object) -> Complaint:
    return Complaint(code, {name: str(value) for name, value in params.items()})


#: Codes that are said but do not stop a plan.
WARNINGS: Final = frozenset(
    {"left_out", "no_door", "overlap", "shut_in", "size_odd", "colours_dropped", "not_on_plan", "booth_gone"}
)

#: code -> (zh what, zh what to do, en what, en what to do)
WORDS: Final[dict[str, tuple[str, str, str, str]]] = {
    # ------------------------------------------------------------ the file
    "too_large": (
        "文件有 {size} MB，最多 {most} MB。", "请删去图中的照片和多余图层，再导出为 SVG。",
        "The file has {size} MB; {most} MB is the most.", "Take photographs and spare layers out and export it as SVG again.",
    ),
    "not_svg": (
        "无法读取：这不是完整的 SVG 文件（第 {line} 行）。", "请在绘图软件中重新导出为“SVG”，不要改扩展名。",
        "It cannot be read: this is no whole SVG file (line {line}).",
        "Export it as SVG again from your drawing program; do not just rename it.",
    ),
    "doctype": (
        "文件中有 DOCTYPE 或实体声明，出于安全不予读取。", "请导出为“纯 SVG（Plain SVG）”，或删去 <!DOCTYPE …> 一行。",
        "The file declares a DOCTYPE or entities, which are not read for safety.",
        "Export it as “Plain SVG”, or take the line <!DOCTYPE …> out.",
    ),
    "too_many": (
        "图中有超过 {most} 个图形。", "请隐藏家具、图案填充等细节后再导出。",
        "The drawing has more than {most} shapes.", "Hide furniture, hatching and other detail and export it again.",
    ),
    "too_deep": (
        "图层或分组嵌套超过 {most} 层。", "请取消多余的分组后再导出。",
        "Layers and groups are nested more than {most} deep.", "Ungroup what needs no group and export it again.",
    ),
    "script": (
        "图中含有脚本（{what}），不予接受。", "请导出为“纯 SVG”，不带脚本和动作。",
        "The drawing holds a script ({what}), which is not taken.", "Export it as plain SVG without scripts and actions.",
    ),
    "foreign": (
        "图中嵌有网页内容（{what}），不予接受。", "请把这些内容改为普通文字或删除。",
        "The drawing has a web page inside ({what}), which is not taken.", "Turn it into plain text, or take it out.",
    ),
    "external": (
        "图中引用了外部文件（{what}）。", "请删去链接的图片、字体和样式，只保留图形。",
        "The drawing refers to another file ({what}).", "Take linked pictures, fonts and styles out and keep only shapes.",
    ),
    "twice": (
        "编号“{id}”出现了不止一次。", "每个展位的 id 只能用一次，请改正后重新上传。",
        "The id “{id}” is there more than once.", "Each booth needs an id of its own; correct it and upload again.",
    ),
    "no_size": (
        "图中没有 viewBox，也没有宽和高。", "请在绘图软件中设置页面尺寸后再导出。",
        "The drawing has neither a viewBox nor width and height.", "Set a page size in your drawing program and export it again.",
    ),
    "metres": (
        "图宽必须在 {least} 到 {most} 米之间。", "请填写整张图从左到右的实际米数。",
        "The width must be between {least} and {most} metres.", "Say how many metres the whole drawing is wide.",
    ),
    "no_booths": (
        "没有找到任何展位。", "请把展位图形的 id（或图层名）写成展位号，如 A-017 或 booth-A-017。",
        "There is no booth in it.", "Name each booth's shape (its id) by its number, such as A-017 or booth-A-017.",
    ),
    "curved": (
        "“{id}”是用曲线画的。", "请用矩形、多边形或直线段画展位、展区和墙。",
        "“{id}” is drawn with curves.", "Draw booths, zones and walls as rectangles, polygons or straight lines.",
    ),
    "no_shape": (
        "“{id}”没有可用的轮廓。", "请把 id 写在矩形、多边形或闭合路径上，不要写在组或文字上。",
        "“{id}” has no outline.", "Put the id on a rectangle, polygon or closed path, not on a group or a text.",
    ),
    "bad_transform": (
        "“{id}”的变换无法识别：{what}", "请在绘图软件中“应用变换”后再导出。",
        "The transform of “{id}” is not understood: {what}", "Apply transforms in your drawing program and export it again.",
    ),
    # ------------------------------------------------------------ the plan
    "not_a_plan": (
        "数据不完整：{where}", "请重新打开平面图页面再试。",
        "The data is not whole: {where}", "Open the page of the plan again and try once more.",
    ),
    "no_code": (
        "有一个展位没有编号，或编号太长。", "请为每个展位填写 1 到 30 个字的编号。",
        "A booth has no number, or too long a one.", "Give each booth a number of 1 to 30 characters.",
    ),
    "code_twice": (
        "展位号“{code}”用了两次。", "同一展馆内展位号不能重复，请改掉其中一个。",
        "The booth number “{code}” is used twice.", "A number may be used once in a hall; change one of them.",
    ),
    "outside": (
        "“{code}”超出了图面。", "请把它移到展馆范围之内，或加大展馆。",
        "“{code}” lies outside the hall.", "Move it inside, or make the hall larger.",
    ),
    "no_ground": (
        "“{code}”没有面积。", "请画成至少 0.5 米见方的图形。",
        "“{code}” has no ground.", "Draw it at least half a metre wide and deep.",
    ),
    # ------------------------------------------------------------ said, but taken
    "left_out": (
        "有 {count} 个元素未采用：{what}。", "如不影响辨认，无须处理。",
        "{count} elements were left out: {what}.", "If the plan can be read without them, nothing need be done.",
    ),
    "colours_dropped": (
        "颜色和样式未采用，平面图用本站的颜色显示。", "无须处理。",
        "Colours and styles were left out: plans are shown in the colours of the site.", "Nothing need be done.",
    ),
    "no_door": (
        "图中没有标出门。", "请把门的 id 写成 door-1、door-2，路线就能从门口开始。",
        "No door is marked.", "Name doors door-1, door-2, so that routes can begin there.",
    ),
    "overlap": (
        "展位“{code}”与“{other}”重叠。", "请核对两者的位置。",
        "The booths “{code}” and “{other}” overlap.", "Check where they stand.",
    ),
    "shut_in": (
        "展位“{code}”四面都没有通道。", "请在它前面留出至少 1 米。",
        "The booth “{code}” has no aisle on any side.", "Leave at least one metre before it.",
    ),
    "size_odd": (
        "展位“{code}”有 {ground} 平方米，不太寻常。", "请核对图宽的米数是否正确。",
        "The booth “{code}” has {ground} square metres, which is unusual.", "Check the metres of width you gave.",
    ),
    "not_on_plan": (
        "这些展位有展项，但图上没有：{codes}", "请在图上补上，或更正展项的展位号。",
        "These booths have exhibits and are not on the plan: {codes}", "Add them, or correct the exhibits' booths.",
    ),
    "booth_gone": (
        "这些展位在现有平面图上，新图上没有：{codes}", "如已取消，无须处理。",
        "These booths are on the present plan and not on the new one: {codes}", "If they were given up, nothing need be done.",
    ),
}  # fmt: skip


def said(one: Complaint, language: str | None) -> tuple[str, str]:
    """What is wrong and what to do, in a language."""
    zh, zh_do, en, en_do = WORDS[one.code]
    what, do = (zh, zh_do) if is_chinese(language) else (en, en_do)
    return what.format(**one.params), do.format(**one.params)
