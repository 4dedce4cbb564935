"""Words of which the large sample edition is made: names that differ, in both languages, and belong to a field.

In: a number. Out: the same texts for the same number on every machine. They name no real product and no real body.
"""

from dataclasses import dataclass
from typing import Final

from everhall.config.demo.frame import FIELDS

#: What a thing is like.
LIKE: Final = (
    ("轻型", "Light"), ("折叠", "Folding"), ("模块化", "Modular"), ("低功耗", "Low-power"), ("便携", "Portable"), ("柔性", "Flexible"),
    ("自适应", "Adaptive"), ("静音", "Quiet"), ("防水", "Waterproof"), ("高精度", "High-precision"), ("开放式", "Open"), ("协同", "Cooperative"),
    ("无人值守", "Unattended"), ("可回收", "Recyclable"), ("微型", "Miniature"), ("远程", "Remote"),
)
#: Where it is used.
WHERE: Final = (
    ("山区", "for mountain areas"), ("园区", "for campuses"), ("课堂", "for classrooms"), ("社区", "for neighbourhoods"), ("港口", "for ports"),
    ("果园", "for orchards"), ("病房", "for wards"), ("车间", "for workshops"), ("桥梁", "for bridges"), ("高原", "for plateaus"),
    ("海岛", "for islands"), ("地铁", "for metros"), ("仓库", "for warehouses"), ("展厅", "for exhibition halls"),
)
#: What it is, by field.
THING: Final = {
    "drones": (("巡检无人机", "inspection drone"), ("起降平台", "landing pad"), ("编队灯光系统", "formation lights")),
    "smart-vehicles": (("接驳车", "shuttle"), ("路侧感知站", "roadside sensing post"), ("线控底盘", "drive-by-wire chassis")),
    "smart-equipment": (("焊接工作站", "welding station"), ("数控夹具", "numerical clamp"), ("分拣线", "sorting line")),
    "ai": (("语音助手", "voice assistant"), ("图像质检软件", "visual inspection software"), ("问答系统", "question answering system")),
    "5g": (("小基站", "small cell"), ("专网终端", "private network terminal"), ("回传设备", "backhaul unit")),
    "chips": (("传感芯片", "sensing chip"), ("电源管理芯片", "power management chip"), ("测试插座", "test socket")),
    "biomedicine": (("检测试剂盒", "test kit"), ("康复支具", "recovery brace"), ("冷链箱", "cold chain box")),
    "new-materials": (("保温板", "insulation panel"), ("复合缆绳", "composite rope"), ("涂层", "coating")),
    "new-energy": (("储能柜", "storage cabinet"), ("光伏瓦", "solar tile"), ("充电桩", "charging post")),
    "aerospace": (("立方星平台", "cube satellite bus"), ("探空气球", "sounding balloon"), ("地面站", "ground station")),
    "robotics": (("搬运机器人", "carrying robot"), ("外骨骼", "exoskeleton"), ("夹爪", "gripper")),
    "smart-city": (("路灯杆", "lamp post"), ("井盖监测器", "manhole monitor"), ("停车导引", "parking guide")),
    "agriculture": (("滴灌控制器", "drip irrigation controller"), ("育苗箱", "seedling box"), ("土壤仪", "soil meter")),
    "digital-culture": (("互动屏", "interactive screen"), ("数字拓片", "digital rubbing"), ("沉浸影像", "immersive film")),
    "education": (("实验箱", "experiment kit"), ("编程积木", "programming blocks"), ("导学终端", "learning terminal")),
}
FIELD_CODES: Final = tuple(FIELDS)


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of one exhibit, and its fields: the first gives the name."""

    name_zh: str
    name_en: str
    summary_zh: str
    summary_en: str
    fields: tuple[str, ...]


def words_of(number: int) -> Words:
    """Numbers that follow each other differ in field; every name has its number, so no two are alike."""
    field = FIELD_CODES[number % len(FIELD_CODES)]
    turn = number // len(FIELD_CODES)
    thing = THING[field][turn % 3]
    like = LIKE[(turn // 3) % len(LIKE)]
    where = WHERE[(turn // 7) % len(WHERE)]
    second = FIELD_CODES[(number * 7 + 3) % len(FIELD_CODES)]
    return Words(
        f"{where[0]}{like[0]}{thing[0]} {number} 型",
        f"{like[1]} {thing[1]} {where[1]}, type {number}",
        f"示例展项：用于{where[0]}的{like[0]}{thing[0]}，第 {number} 号，内容由程序生成。",
        f"Sample exhibit: a {like[1].lower()} {thing[1]} {where[1]}, number {number}, written by a programme.",
        (field,) if second == field or number % 3 else (field, second),
    )
