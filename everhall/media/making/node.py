"""The tools that run in Node: libraries for pictures (sharp) and models (glTF Transform, Khronos' validator).

In: a script of ours and a wish. Out: what it answers last; progress on the way. What must stay true: a tool that hangs,
crashes or eats memory ends as a `MakingError`; whatever file it was given, nothing but that file is read.
"""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

TOOLS: Final = Path(__file__).parent.parent / "tools"
#: Megabytes of JavaScript's heap. Pixels and geometry lie outside of it and are limited by what is let in.
HEAP: Final = 3072
Progress = Callable[[float], None]


class MakingError(Exception):
    """`kind` names the fault, `values` fill its sentence (`engines/master_words.py`)."""

    def __init__(self, kind: str, /, **values: Any) -> None:
        super().__init__(kind, values)
        self.kind, self.values = kind, values


def node_program() -> str | None:
    """Node of the machine, else the one that set-up took from a wheel."""
    beside = Path(sys.executable).parent / "node"
    return shutil.which("node") or (str(beside) if beside.exists() else None)


def run(script: str, wish: Mapping[str, Any], *, seconds: float, progress: Progress = lambda _share: None) -> Any:
    """The last answer of `everhall/media/tools/SCRIPT`, asked with a wish."""
    program = node_program()
    if program is None:
        raise MakingError("no-node")
    command = [program, f"--max-old-space-size={HEAP}", str(TOOLS / script), json.dumps(wish)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tool:  # noqa: S603 - ours
        clock = threading.Timer(seconds, tool.kill)
        clock.start()
        said: list[str] = []
        listener = threading.Thread(target=lambda: said.append(tool.stderr.read() if tool.stderr else ""), daemon=True)
        listener.start()
        try:
            answer = last_answer(tool, progress)
        finally:
            late = not clock.is_alive()
            clock.cancel()
            tool.kill() if tool.poll() is None and late else tool.wait()
            listener.join(5)
    if "fault" in answer:
        raise MakingError(answer.pop("fault"), **answer)
    if late:
        raise MakingError("too-long", seconds=round(seconds))
    if tool.returncode or not answer:
        text = "".join(said)
        kind = "no-libraries" if "ERR_MODULE_NOT_FOUND" in text else "too-heavy" if is_memory(tool.returncode, text) else "tool"
        raise MakingError(kind, detail=text.strip()[-300:])
    return answer


def is_memory(code: int, text: str) -> bool:
    """V8 gives up with SIGABRT and these words, the kernel with SIGKILL."""
    return code in (-9, 137) or "heap out of memory" in text


def last_answer(tool: "subprocess.Popen[str]", progress: Progress) -> dict[str, Any]:
    """Read lines until the tool ends; those that tell progress are passed on."""
    answer: dict[str, Any] = {}
    for line in tool.stdout or ():
        try:
            told = json.loads(line)
        except ValueError:
            continue  # a library that talks on standard output
        if set(told) == {"progress"}:
            progress(float(told["progress"]))
        else:
            answer = told
    return answer
