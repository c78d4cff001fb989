"""A .xlsx file as rows: checked, then read by a process that can do no harm."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, TypeVar

import rankings
from rankings.adapters import workbook_parts
from rankings.adapters.sheet_rows import Rows
from rankings.adapters.workbook_child import MAX_ROWS, TOO_LARGE
from rankings.adapters.workbook_form import Area, Fault, Form
from rankings.adapters.workbook_gate import ANEW, LESS, Refused, refuse_if
from rankings.errors import Invalid, Problem

T = TypeVar("T")

MAX_BYTES = 5_000_000
MAX_ANSWER = 80_000_000

CHILD = (sys.executable, "-m", "rankings.adapters.workbook_child")
ROOT = Path(rankings.__file__).parent.parent
# Python finds itself by its own path; some builds find their libraries by this variable only.
KEPT = ("LD_LIBRARY_PATH",)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD = "is an old or encrypted workbook; remove its password and save it as .xlsx (Excel workbook)"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process that reads may use."""

    memory: int = 512 * 1024 * 1024
    cpu_seconds: int = 10
    wall_seconds: float = 30.0


USUAL = Limits()
STOPPED = {
    TOO_LARGE: f"needs too much memory to be read; {LESS}",
    -signal.SIGXCPU: f"takes too long to be read; {LESS}",
    -signal.SIGKILL: f"takes too long or too much memory to be read; {LESS}",
}


def read(file: Path, limits: Limits = USUAL) -> Rows:
    """All rows of the first sheet; raises Invalid."""
    return _read(file, limits, (), _rows)


def read_forms(file: Path, names: Sequence[str], limits: Limits = USUAL) -> dict[str, Form]:
    """The sheets of these names; raises Invalid, also where one is missing."""
    return _read(file, limits, names, _forms)


def _read(file: Path, limits: Limits, names: Sequence[str], make: Callable[[bytes], T]) -> T:
    content = file.read_bytes()
    try:
        if content.startswith(OLE):
            raise Refused(OLD)
        workbook_parts.parts_of(content)
        return make(_answer(content, limits, names))
    except Refused as refusal:
        raise Invalid([Problem(file.name, refusal.value[:60], str(refusal))]) from None


def environment() -> dict[str, str]:
    """Enough to find this package, and nothing of ours."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **kept}


def _answer(content: bytes, limits: Limits, names: Sequence[str]) -> bytes:
    """What the child says, unless it is stopped or says too much."""
    with subprocess.Popen(
        [*CHILD, str(limits.memory), str(limits.cpu_seconds), *names],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment(),
    ) as child:
        guard = Timer(limits.wall_seconds, child.kill)
        guard.start()
        try:
            said = _talk(child, content)
            refuse_if(len(said) > MAX_ANSWER, f"holds too much text; {LESS}")
            child.wait()
        finally:
            guard.cancel()
            if child.poll() is None:
                child.kill()
    refuse_if(child.returncode != 0, STOPPED.get(child.returncode, f"cannot be read; {ANEW}"))
    return said


def _talk(child: subprocess.Popen[bytes], content: bytes) -> bytes:
    assert child.stdin
    assert child.stdout
    # A child that has been stopped does not listen; its return code tells why.
    with suppress(BrokenPipeError), child.stdin:
        child.stdin.write(content)
    return child.stdout.read(MAX_ANSWER + 1)


def _rows(said: bytes) -> Rows:
    lines = _messages(said)
    rows = Rows("xlsx", MAX_ROWS, tuple(next(lines)["header"]))
    one: dict[str, str] = {}
    for line in lines:
        # The same text again is the same object again.
        cells = tuple([one.setdefault(cell, cell) for cell in line[1]])
        rows.lines.append((line[0], cells))
    return rows


def _forms(said: bytes) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for message in _messages(said):
        if isinstance(message, dict):
            form = forms[message["sheet"]] = Form(message["sheet"])
            form.faults = [Fault(*parts) for parts in message["faults"]]
            form.merged = [Area(tuple(rows), tuple(cols)) for rows, cols in message["merged"]]
        else:
            form.rows[message[0]] = tuple(message[1])
    return forms


def _messages(said: bytes) -> Iterator[Any]:
    """What the child says, unless it says what is wrong."""
    for line in io.BytesIO(said):
        message = json.loads(line.decode("utf-8"))
        if isinstance(message, dict):
            _refuse(message)
        yield message


def _refuse(message: Mapping[str, Any]) -> None:
    if "refused" in message:
        raise Refused(message["refused"][1], message["refused"][0])
    if "problems" in message:
        raise Invalid(Problem(*parts) for parts in message["problems"])
