"""Starts the process that reads an evidence file, and stops it in time."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from threading import BoundedSemaphore, Timer
from typing import Any

from rankings.adapters.evidence_kinds import MAX_STORED, Fault, Kind, Unfit
from rankings.adapters.workbook import Limits, environment
from rankings.adapters.workbook_child import TOO_LARGE

CHILD = (sys.executable, "-m", "rankings.adapters.evidence_child")
MAX_LINE = 10_000
# A picture of 40 million pixels needs most of it, a text of a few pages a tenth.
USUAL = Limits(memory=1024 * 1024 * 1024, cpu_seconds=20, wall_seconds=28.0)
# So many files are read at a time by one web process; others wait.
AT_A_TIME = 2
_TURNS = BoundedSemaphore(AT_A_TIME)
_STOPPED = {TOO_LARGE, -signal.SIGXCPU, -signal.SIGKILL}


def ask(body: bytes, kind: Kind, limits: Limits = USUAL) -> tuple[bool, bytes]:
    """Whether the file holds something that could act, and the bytes to be kept instead.

    Raises Unfit; a process that fails, swells or hangs has found a file that is not taken.
    """
    with _TURNS:
        code, line, stored = _answer(body, kind, limits)
    if code in _STOPPED:
        raise Unfit(Fault.TOO_MUCH)
    if code != 0 or len(stored) > MAX_STORED:
        raise Unfit(Fault.DAMAGED)
    verdict: dict[str, Any] = json.loads(line)
    if "fault" in verdict:
        raise Unfit(Fault(verdict["fault"]), **verdict["values"])
    return verdict["active"], stored


def _answer(body: bytes, kind: Kind, limits: Limits) -> tuple[int, bytes, bytes]:
    with subprocess.Popen(
        [*CHILD, kind.word, str(limits.memory), str(limits.cpu_seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment(),
    ) as child:
        guard = Timer(limits.wall_seconds, child.kill)
        guard.start()
        try:
            line, stored = _talk(child, body)
            if len(stored) <= MAX_STORED:
                child.wait()
        finally:
            guard.cancel()
            if child.poll() is None:
                child.kill()
    return child.returncode, line, stored


def _talk(child: subprocess.Popen[bytes], body: bytes) -> tuple[bytes, bytes]:
    """The line and the bytes after it; read one after the other, since a copy would be large."""
    assert child.stdin
    assert child.stdout
    # A child that has been stopped does not listen; its return code tells why.
    with suppress(BrokenPipeError), child.stdin:
        child.stdin.write(body)
    return child.stdout.readline(MAX_LINE), child.stdout.read(MAX_STORED + 1)
