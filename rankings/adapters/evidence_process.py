"""Asks the process that reads an evidence file, a few at a time."""

from __future__ import annotations

import json
import signal
from threading import BoundedSemaphore
from typing import IO, Any

from rankings.adapters import capped
from rankings.adapters.capped import Limits
from rankings.adapters.evidence_kinds import MAX_STORED, Fault, Kind, Unfit
from rankings.adapters.workbook_child import TOO_LARGE

CHILD = "rankings.adapters.evidence_child"
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
        code, (line, stored) = capped.ask(CHILD, [kind.word], body, limits, _heard)
    if code in _STOPPED:
        raise Unfit(Fault.TOO_MUCH)
    if code != 0 or len(stored) > MAX_STORED:
        raise Unfit(Fault.DAMAGED)
    verdict: dict[str, Any] = json.loads(line)
    if "fault" in verdict:
        raise Unfit(Fault(verdict["fault"]), **verdict["values"])
    return verdict["active"], stored


def _heard(output: IO[bytes]) -> tuple[tuple[bytes, bytes], bool]:
    """The line and the bytes after it; read one after the other, since a copy would be large."""
    line, stored = output.readline(MAX_LINE), output.read(MAX_STORED + 1)
    return (line, stored), len(stored) <= MAX_STORED
