"""`everhall audit URL --for 60 [--json]`: watch HLS as a player would and tell which rules it breaks."""

import json
import sys
import time
from collections import Counter
from dataclasses import asdict
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from everhall.engines.hls.audit import Violation
from everhall.live.auditing import Audited, CannotAuditError, audit_address


class Command(BaseCommand):
    help = (
        "像播放器那样观察任何 HLS 地址,列出违反的规则与条款号。 "
        "Watch any HLS address as a player would; tell which rules it breaks, with clause numbers."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="a multivariant or media playlist, http or https")
        parser.add_argument("--for", dest="seconds", type=float, default=60.0, help="seconds to watch (60)")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seconds"] <= 0:
            refuse("--for 后的秒数应大于 0 / the seconds after --for have to be more than 0")
        begins, steady = timezone.now().timestamp(), time.monotonic()

        def clock() -> float:
            return begins + time.monotonic() - steady

        def tell(violation: Violation) -> None:
            if not options["json"]:
                self.stdout.write(line(violation, begins))

        try:
            audited = audit_address(options["url"], options["seconds"], clock=clock, tell=tell)
        except CannotAuditError as problem:
            refuse(str(problem))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(audited), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(summary(audited)))
        if audited.musts:
            sys.exit(1)


def refuse(sentence: str) -> NoReturn:
    """One sentence and exit code 2: nothing was audited."""
    sys.stderr.write(f"everhall audit: {sentence}\n")
    sys.exit(2)


def line(violation: Violation, begins: float) -> str:
    return (
        f"{violation.at - begins:7.1f} s  {violation.severity:<6}  {violation.clause:<18} {violation.rule}: "
        f"{violation.message}\n           {violation.url}"
    )


def summary(audited: Audited) -> list[str]:
    """How much was seen, and how often each clause was broken."""
    shoulds = len(audited.violations) - audited.musts
    lines = [
        "",
        f"{audited.url}",
        f"{audited.seconds:.0f} s, {len(audited.playlists)} media playlists, {audited.versions} versions, "
        f"{audited.answers} segments, parts and maps looked at",
    ]
    counted = Counter((v.severity, v.clause) for v in audited.violations)
    for (severity, clause), count in sorted(counted.items(), key=lambda item: (item[0][0], -item[1])):
        rules = sorted({v.rule for v in audited.violations if (v.severity, v.clause) == (severity, clause)})
        lines.append(f"{count:>5} x  {severity:<6}  {clause:<18} {', '.join(rules)}")
    lines.append(f"must: {audited.musts}, should: {shoulds}" if audited.violations else "no violations")
    return lines


def as_json(audited: Audited) -> dict[str, Any]:
    return {
        "url": audited.url,
        "seconds": round(audited.seconds, 1),
        "playlists": list(audited.playlists),
        "versions": audited.versions,
        "answers": audited.answers,
        "ok": audited.musts == 0,
        "must": audited.musts,
        "should": len(audited.violations) - audited.musts,
        "clauses": audited.clauses,
        "violations": [asdict(violation) for violation in audited.violations],
    }
