"""What `everhall check` adds to Django's own checks: can this installation work, and is it fit for the public?

Each finding is one plain sentence with what to do, in Chinese and English, for the person who runs the week and may not
know Django. What must stay true: the two questions stay apart (a laptop works and is not fit for the public); no
finding tells a secret.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from everhall.config import state
from everhall.config.state import Trouble
from everhall.media.making.node import node_program

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
#: Free space under which a week of pictures and backups will not fit.
LITTLE_SPACE = 2_000_000_000


def broken() -> Iterator[Trouble]:
    """What keeps it from working at all; what only follows from a finding is left out."""
    folder = state.data_folder()
    if folder is not None:
        yield folder
    base = state.database() or state.migrations()
    if base is not None:
        yield base


def lacking() -> Iterator[Trouble]:
    """What a public site needs and this one lacks, most urgent first."""
    for question in QUESTIONS:
        trouble = question()
        if trouble is not None:
            yield trouble


def debug() -> Trouble | None:
    if not settings.DEBUG:
        return None
    return Trouble(
        "debug",
        "调试模式已打开,出错时会向访客显示内部信息。请取消 EVERHALL_DEBUG。",
        "debugging is on and shows visitors the inside when something fails. Unset EVERHALL_DEBUG.",
    )


def demo() -> Trouble | None:
    if not settings.DEMO:
        return None
    return Trouble(
        "demo",
        "这是示例站点:账号密码是公开的。正式使用请另建数据目录,并取消 EVERHALL_DEMO。",
        "this is the demo: its passwords are public. For real use, take a new data folder and unset EVERHALL_DEMO.",
    )


def address() -> Trouble | None:
    host = urlsplit(settings.BASE_URL).hostname or ""
    if host not in LOCAL:
        return None
    return Trouble(
        "address",
        f"网站地址仍是 {settings.BASE_URL},邮件、订阅和分享卡片中的链接将无法打开。请设置 EVERHALL_BASE_URL=https://您的域名",
        f"the site's address is still {settings.BASE_URL}; links in mails, feeds and cards lead nowhere. "
        "Set EVERHALL_BASE_URL=https://your.domain",
    )


def https() -> Trouble | None:
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme == "https" or parts.hostname in LOCAL:
        return None
    return Trouble(
        "https",
        "网站没有使用 HTTPS,密码会以明文传输。请在前面用 nginx 等配置证书,并把 EVERHALL_BASE_URL 改为 https:// 开头。",
        "the site is not on HTTPS, so passwords travel in the clear. Put a proxy with a certificate (nginx) in front and let "
        "EVERHALL_BASE_URL begin with https://",
    )


def hosts() -> Trouble | None:
    host = urlsplit(settings.BASE_URL).hostname or ""
    allowed = settings.ALLOWED_HOSTS
    if "*" in allowed:
        return Trouble(
            "hosts-any",
            "EVERHALL_HOSTS 为 *,任何域名都会被接受。请列出真实域名。",
            "EVERHALL_HOSTS is *, so any host name is accepted. List the real ones.",
        )
    if host in allowed or any(each.startswith(".") and host.endswith(each) for each in allowed):
        return None
    return Trouble(
        "hosts",
        f"EVERHALL_HOSTS 中没有 {host},访客会看到错误 400。请加上它。",
        f"EVERHALL_HOSTS lacks {host}, so visitors get error 400. Add it.",
    )


def second_factor() -> Trouble | None:
    if settings.STAFF_2FA:
        return None
    return Trouble(
        "second-factor",
        "工作人员登录不要求双因素验证。请取消 EVERHALL_STAFF_2FA=no。",
        "staff may log in without a second factor. Unset EVERHALL_STAFF_2FA=no.",
    )


def mail() -> Trouble | None:
    if "smtp" in settings.EMAIL_BACKEND:
        return None
    return Trouble(
        "mail",
        "没有配置邮件服务器,注册验证和找回密码的邮件只会写入数据目录。请设置 EVERHALL_MAIL_URL=smtp://…",
        "no mail server: mails for sign-up and lost passwords only become files in the data folder. "
        "Set EVERHALL_MAIL_URL=smtp://…",
    )


def database_kind() -> Trouble | None:
    if connection.vendor != "sqlite":
        return None
    return Trouble(
        "sqlite",
        "数据库是 SQLite,适合一台机器和不多的编辑者。多台机器或许多人同时编辑时,请用 EVERHALL_DATABASE_URL=postgresql://…",
        "the database is SQLite, right for one machine and few editors. For several machines or many editors at once set "
        "EVERHALL_DATABASE_URL=postgresql://…",
    )


def secret() -> Trouble | None:
    path = Path(settings.DATA_DIR) / "secret-key"
    if os.environ.get("EVERHALL_SECRET_KEY"):
        if len(settings.SECRET_KEY) >= 40:
            return None
        return Trouble(
            "secret-short",
            "EVERHALL_SECRET_KEY 太短。请使用至少 50 个随机字符。",
            "EVERHALL_SECRET_KEY is short. Use at least 50 random characters.",
        )
    if path.exists() and path.stat().st_mode & 0o077:
        return Trouble(
            "secret-open",
            f"密钥文件 {path} 可被其他用户读取。请运行:chmod 600 {path}",
            f"the key {path} can be read by others on this machine. Run: chmod 600 {path}",
        )
    return None


def static_files() -> Trouble | None:
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return None
    return Trouble(
        "static",
        "静态文件尚未收集(everhall serve 会自动完成;也可运行:everhall collectstatic)。",
        "static files are not collected yet (everhall serve does it, or run: everhall collectstatic).",
    )


def space() -> Trouble | None:
    folder = Path(settings.DATA_DIR)
    if not folder.exists():
        return None
    found = os.statvfs(folder)
    free = found.f_bavail * found.f_frsize
    if free >= LITTLE_SPACE:
        return None
    return Trouble(
        "space",
        f"数据目录 {folder} 所在磁盘只剩 {free / 1e9:.1f} GB。请清理或扩容。",
        f"the disk of the data folder {folder} has {free / 1e9:.1f} GB left. Make room.",
    )


def makers() -> Trouble | None:
    """The tools that make models and boards: Node, and the libraries that set-up lays beside the package."""
    if node_program() is not None and (Path(settings.PACKAGE).parent / "node_modules" / "sharp").is_dir():
        return None
    return Trouble(
        "makers",
        "没有 Node.js 或处理三维模型与展板所需的库,上传的模型和展板会一直等待。请运行 make setup。",
        "Node.js or the libraries that make 3D models and boards are missing, so what is uploaded waits. Run: make setup",
    )


def metrics() -> Trouble | None:
    if settings.METRICS_TOKEN:
        return None
    return Trouble(
        "metrics",
        "/metrics 只有本机可读。若由其他机器监控,请设置 EVERHALL_METRICS_TOKEN。",
        "/metrics answers this machine only. If another one watches the site, set EVERHALL_METRICS_TOKEN.",
    )


QUESTIONS: tuple[Callable[[], Trouble | None], ...] = (
    debug, demo, address, https, hosts, second_factor, secret, mail, database_kind, static_files, makers, space,
    metrics,
)  # fmt: skip
