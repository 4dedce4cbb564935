"""`everhall`: Django's commands and ours under one name, with help that reads well.

Errors that a person can mend (a wrong setting, a database that is away) are one sentence and exit code 2.
"""

import os
import sys
from collections.abc import Sequence

from everhall.config.environment import WrongSetting

#: What people who run a week use, in the order in which they need it; everything else is Django's.
OURS: dict[str, dict[str, str]] = {
    "Run / 运行": {
        "demo": "load the 2021 week as a demo · 载入 2021 年示例",
        "serve": "serve the site · 启动网站",
        "live": "receive feeds and direct channels; serve starts it · 接收信号、播出频道",
        "hub": "tell news to very many browsers · 启动消息进程",
        "nginx": "print the configuration of nginx in front, RTMP included · 输出 nginx 配置",
        "check": "what is missing for production · 检查上线条件",
        "stats": "count what is there · 统计",
    },
    "Content / 内容": {
        "import": "read exhibits, organisations, activities, sessions from a sheet · 导入表格",
        "export": "write the same sheets · 导出表格",
        "undo-import": "take a whole import back · 撤销导入",
        "search": "rebuild the search index · 重建索引",
        "scenes": "draw walkable scenes of halls · 生成展馆场景",
        "clone-edition": "begin next year's edition from this one · 由本届新建下届",
    },
    "Keep / 保存": {
        "backup": "database and files into one verified file · 备份",
        "derive": "make models for phones and tiles of boards · 生成三维模型与展板的派生文件",
        "restore": "bring a backup back · 恢复",
        "forget": "delete what is personal and over · 删除到期的个人信息",
    },
    "Measure / 测量": {
        "audit": "watch any HLS address, tell which rules it breaks · 审计任何 HLS 地址",
        "bench": "run a benchmark, print JSON · 性能测试",
    },
}


def overview() -> str:
    lines = ["everhall COMMAND [options]        everhall COMMAND --help", ""]
    for title, commands in OURS.items():
        lines.append(title)
        lines += [f"  {name:<14} {what}" for name, what in commands.items()]
        lines.append("")
    lines.append("Django's own commands (migrate, createsuperuser, shell …): everhall help --commands")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    arguments = list(sys.argv if argv is None else argv)
    if len(arguments) == 1 or arguments[1:] in (["--help"], ["-h"], ["help"]):
        sys.stdout.write(overview() + "\n")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
    try:
        run(arguments)
    except WrongSetting as problem:
        sys.stderr.write(f"everhall: {problem}\n")
        sys.exit(2)


def run(arguments: list[str]) -> None:
    # Django is imported late so that `everhall --help` answers at once and without settings.
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.db.utils import OperationalError  # noqa: PLC0415

    try:
        execute_from_command_line(arguments)
    except OperationalError as problem:
        first = str(problem).strip().splitlines()[0]
        sys.stderr.write(
            f"everhall: the database does not answer ({first}). Check EVERHALL_DATABASE_URL and the data folder.\n"
        )
        sys.exit(2)


if __name__ == "__main__":
    main()
