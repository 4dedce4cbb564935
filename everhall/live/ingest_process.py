"""One life of ffmpeg: started with a pipe per output, listened to, killed with all it has.

In: a `Command`. Out: calls of `on_data(output, bytes)` and `on_line(text)` in the event loop. What must stay true:
the process dies when this one does, also by kill -9, so that its ports are free again; when `wait` returns, all
that it wrote was handed over; its log never leaves here with a passphrase in it.
"""

import asyncio
import contextlib
import ctypes
import logging
import os
import re
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import imageio_ffmpeg

from everhall.live.ingest_commands import Command, Pipe

log = logging.getLogger(__name__)

OnData = Callable[[str, bytes], None]
OnLine = Callable[[str], None]

#: Bytes that may wait for the process to read them.
MOST_WAITING: Final = 32_000_000
#: Bytes that the kernel keeps in an output's pipe while we are busy.
_PIPE_SIZE: Final = 1_048_576
_READ_SIZE: Final = 65_536
_F_SETPIPE_SZ: Final = 1031
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_TIMERSLACK: Final = 29
_SECRET: Final = re.compile(r"(passphrase=)[^&\s']+")
_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def program() -> str:
    """Path of ffmpeg: the one that comes with the wheel."""
    return imageio_ffmpeg.get_ffmpeg_exe()


def _bind_to(parent: int, slack: float) -> Callable[[], None]:
    """What the child does between fork and exec: ask to be killed when its parent dies, and to be woken `slack`
    seconds late at the most."""
    nanoseconds = ctypes.c_ulong(int(slack * 1e9))

    def bind() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if slack:
                # All its threads have it from here; without it, or where it is refused, it only costs more.
                _LIBC.prctl(_PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return bind


class _Output(asyncio.Protocol):
    """One pipe that the process writes to."""

    def __init__(self, name: str, on_data: OnData) -> None:
        self.name = name
        self._on_data = on_data
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        self._on_data(self.name, data)

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


class Process:
    """See the module; made by `start`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._outputs: list[_Output] = []
        self._inputs: dict[str, asyncio.WriteTransport] = {}
        self._listening: asyncio.Task[None] | None = None
        #: The end of its log.
        self.last_lines: list[str] = []

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(cls, command: Command, on_data: OnData, on_line: OnLine) -> "Process":
        """OSError if it cannot be started."""
        ours: dict[str, int] = {}
        its: dict[str, int] = {}
        try:
            for name in command.outputs:
                ours[name], its[name] = os.pipe2(os.O_CLOEXEC)
                _widen(ours[name])
            for name in command.inputs:
                its[name], ours[name] = os.pipe2(os.O_CLOEXEC)
            process = await asyncio.create_subprocess_exec(
                program(), *(_filled(arg, its) for arg in command.args),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=tuple(its.values()),
                start_new_session=True,
                preexec_fn=_bind_to(os.getpid(), command.slack),
            )  # fmt: skip
        except BaseException:
            for number in ours.values():
                os.close(number)
            raise
        finally:
            for number in its.values():
                os.close(number)
        made = cls(process)
        await made._connect(command, ours, on_data, on_line)
        return made

    async def _connect(self, command: Command, ours: dict[str, int], on_data: OnData, on_line: OnLine) -> None:
        loop = asyncio.get_running_loop()
        self._listening = loop.create_task(_listen(self._process, on_line, self.last_lines))
        for name in command.outputs:
            transport, output = await loop.connect_read_pipe(
                partial(_Output, name, on_data), os.fdopen(ours[name], "rb", buffering=0)
            )
            if hasattr(transport, "max_size"):
                # asyncio makes room for so much at each read; larger than this and the system clears pages for it.
                transport.max_size = _READ_SIZE
            self._outputs.append(output)
        for name in command.inputs:
            pipe, _ = await loop.connect_write_pipe(
                asyncio.BaseProtocol, os.fdopen(ours[name], "wb", buffering=0)
            )
            self._inputs[name] = pipe

    def write(self, name: str, data: bytes | memoryview) -> bool:
        """Hand bytes in; False, and nothing is handed in, if too many wait already or nobody reads any more."""
        pipe = self._inputs[name]
        if pipe.is_closing() or pipe.get_write_buffer_size() > MOST_WAITING:
            return False
        pipe.write(data)
        return True

    def close_inputs(self) -> None:
        """Nothing more comes: let it finish what it has."""
        for pipe in self._inputs.values():
            pipe.close()

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def wait(self) -> int:
        """Its exit code, when it is gone and all its output was handed over."""
        code = await self._process.wait()
        await asyncio.gather(*(output.ended for output in self._outputs))
        if self._listening is not None:
            await self._listening
        for pipe in self._inputs.values():
            # What is still to be written has no reader.
            if not pipe.is_closing():
                pipe.abort()
        return code

    async def finish(self, patience: float) -> int:
        """Close the inputs, wait for its end, kill it if that takes longer than `patience` seconds."""
        self.close_inputs()
        try:
            async with asyncio.timeout(patience):
                return await self.wait()
        except TimeoutError:
            self.kill()
            return await self.wait()


def _filled(arg: str | Pipe, numbers: dict[str, int]) -> str:
    return arg if isinstance(arg, str) else f"{arg.before}{numbers[arg.name]}{arg.after}"


def _widen(pipe: int) -> None:
    """A larger pipe, so that a busy moment here does not hold up the socket there; not all kernels allow it."""
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - not on every system

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, _F_SETPIPE_SZ, _PIPE_SIZE)


async def _listen(process: asyncio.subprocess.Process, on_line: OnLine, last: list[str]) -> None:
    """Hand over each line of the log; keep the last few for whoever asks why it died."""
    assert process.stderr is not None  # noqa: S101 - it was asked for
    rest = b""
    while block := await process.stderr.read(16_384):
        # Lines of any length, ended in either way: progress is written with carriage returns.
        *lines, rest = re.split(rb"[\r\n]+", (rest + block)[-65_536:])
        for raw in lines:
            text = _SECRET.sub(r"\1…", raw.decode("utf-8", "replace"))
            last.append(text)
            del last[:-20]
            on_line(text)


def exists() -> bool:
    """Whether ffmpeg is there."""
    return Path(program()).exists()
