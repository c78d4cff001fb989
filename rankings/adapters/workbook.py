"""A .xlsx file as rows: checked, then read by a process that can do no harm."""

from __future__ import annotations

import io
import json
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from rankings.adapters import capped, workbook_parts
from rankings.adapters.capped import Limits
from rankings.adapters.sheet_rows import Rows
from rankings.adapters.workbook_child import MAX_ROWS, TOO_LARGE
from rankings.adapters.workbook_form import Area, Fault, Form
from rankings.adapters.workbook_gate import ANEW, LESS, Refused, refuse_if
from rankings.errors import Invalid, Problem

T = TypeVar("T")

MAX_BYTES = 5_000_000
MAX_ANSWER = 80_000_000

CHILD = "rankings.adapters.workbook_child"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD = "is an old or encrypted workbook; remove its password and save it as .xlsx (Excel workbook)"
LARGE = f"is larger than {MAX_BYTES // 1_000_000} MB; take out pictures and sheets of your own"
NO_FILE = "is not a file"

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


def read_sent(file: Path, name: str, sheets: Sequence[str], limits: Limits) -> dict[str, Form]:
    """The sheets of a workbook of ours that was sent; `name` is what the sender calls it.

    Raises Invalid, also where it is larger than 5 MB.
    """
    name = name or file.name
    if not file.is_file():
        raise Invalid([Problem(name, "", NO_FILE)])
    if (size := file.stat().st_size) > MAX_BYTES:
        raise Invalid([Problem(name, f"{size:,} bytes", LARGE)])
    try:
        return read_forms(file, sheets, limits)
    except Invalid as invalid:
        renamed = {file.name: name}
        raise Invalid(
            Problem(renamed.get(one.place, one.place), one.value, one.remedy)
            for one in invalid.problems
        ) from None


def _read(file: Path, limits: Limits, names: Sequence[str], make: Callable[[bytes], T]) -> T:
    content = file.read_bytes()
    try:
        if content.startswith(OLE):
            raise Refused(OLD)
        workbook_parts.parts_of(content)
        return make(_answer(content, limits, names))
    except Refused as refusal:
        raise Invalid([Problem(file.name, refusal.value[:60], str(refusal))]) from None


def _answer(content: bytes, limits: Limits, names: Sequence[str]) -> bytes:
    """What the child says, unless it is stopped or says too much."""
    code, said = capped.ask(CHILD, names, content, limits, _heard)
    refuse_if(len(said) > MAX_ANSWER, f"holds too much text; {LESS}")
    refuse_if(code != 0, STOPPED.get(code, f"cannot be read; {ANEW}"))
    return said


def _heard(output: IO[bytes]) -> tuple[bytes, bool]:
    said = output.read(MAX_ANSWER + 1)
    return said, len(said) <= MAX_ANSWER


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
