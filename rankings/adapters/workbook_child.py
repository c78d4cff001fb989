"""Reads a workbook in a process of its own that can open nothing and is stopped if it swells."""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from rankings.adapters.sheet_rows import Rows
from rankings.adapters.workbook_form import TEMPLATE, Form, FormSheet
from rankings.adapters.workbook_gate import ANEW, Refused, refuse_if
from rankings.adapters.workbook_parts import Parts, parts_of
from rankings.adapters.workbook_sheet import Meaning, Sheet
from rankings.adapters.workbook_xml import (
    Relations,
    SharedStrings,
    SheetName,
    Styles,
    Workbook,
    read,
)
from rankings.errors import Invalid

MAX_ROWS = 100_000
TOO_LARGE = 3

BOOK, BOOK_RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEETS = "xl/worksheets/"
MOVE = "make the sheet with the table the first and show it"


def limit(memory: int, seconds: int) -> None:
    """From here on this process may compute, read its input and write its output."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # No new file and no socket, which works without any privilege.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook of which everything but the sheets has been read."""

    file: bytes
    parts: Parts
    book: Workbook
    relations: Relations

    @property
    def meaning(self) -> Meaning:
        return _meaning(self.file, self.parts, self.book, self.relations)


def opened(file: bytes) -> Opened:
    """Raises Refused where a part or a reference may not be in a workbook."""
    parts = parts_of(file)
    for name in parts:
        if name.endswith(".rels"):
            read(file, parts, name, Relations("", parts))
    book, relations = Workbook(), Relations("xl", parts)
    read(file, parts, BOOK, book)
    read(file, parts, BOOK_RELATIONS, relations)
    refuse_if(not book.sheets, f"has no sheet; {ANEW}")
    return Opened(file, parts, book, relations)


def table_of(file: bytes) -> Rows:
    """The first sheet; raises Refused for the file, Invalid for its cells."""
    held = opened(file)
    first = held.book.sheets[0]
    refuse_if(first.hidden, f"has a hidden first sheet; {MOVE}", first.name)
    part = _sheet_part(first, held.relations)
    rows = Rows("xlsx", MAX_ROWS)
    sheet = Sheet(rows, held.meaning)
    read(file, held.parts, part, sheet)
    sheet.finish()
    rows.finish()
    return rows


def forms_of(file: bytes, names: Sequence[str]) -> list[Form]:
    """The sheets of these names, wherever they stand; raises Refused, also where one is missing."""
    held = opened(file)
    by_name = {sheet.name.casefold(): sheet for sheet in held.book.sheets}
    for name in names:
        refuse_if(name.casefold() not in by_name, f"has no sheet “{name}”; {TEMPLATE}", name)
    meaning, forms = held.meaning, []
    for name in names:
        form = Form(name)
        sheet = FormSheet(form, meaning)
        read(file, held.parts, _sheet_part(by_name[name.casefold()], held.relations), sheet)
        sheet.finish()
        forms.append(form)
    return forms


def _sheet_part(sheet: SheetName, relations: Relations) -> str:
    return relations.part(relations.by_id.get(sheet.relation, ""), SHEETS)


def _meaning(file: bytes, parts: Parts, book: Workbook, relations: Relations) -> Meaning:
    strings, styles = SharedStrings(), Styles()
    for kind, elements in (("sharedStrings", strings), ("styles", styles)):
        if kind in relations.by_kind:
            part = relations.part(relations.by_kind[kind], "xl/")
            read(file, parts, part, elements)
    return Meaning(strings.strings, styles.kinds, book.since_1904)


def answer(file: bytes, names: Sequence[str] = ()) -> Iterator[Any]:
    """The first sheet, or those of these names; or what is wrong and nothing else."""
    try:
        said = list(_forms(forms_of(file, names)) if names else _table(table_of(file)))
    except Refused as refusal:
        yield {"refused": [refusal.value, str(refusal)]}
    except Invalid as invalid:
        yield {"problems": [[p.place, p.value, p.remedy] for p in invalid.problems]}
    else:
        yield from said


def _table(rows: Rows) -> Iterator[Any]:
    """The header, then the rows."""
    yield {"header": rows.header}
    yield from rows.lines


def _forms(forms: Sequence[Form]) -> Iterator[Any]:
    """What was noted about each sheet, then its rows."""
    for form in forms:
        faults, merged = map(astuple, form.faults), map(astuple, form.merged)
        yield {"sheet": form.name, "faults": list(faults), "merged": list(merged)}
        yield from form.rows.items()


def write(messages: Iterable[Any]) -> None:
    for message in messages:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass") + b"\n")
    sys.stdout.buffer.flush()


def main(memory: str, seconds: str, *names: str) -> None:
    """Reads standard input to its end and answers on standard output."""
    limit(int(memory), int(seconds))
    # What is read is kept to the end; there is nothing to collect.
    gc.disable()
    try:
        write(answer(sys.stdin.buffer.read(), names))
    except MemoryError:
        sys.exit(TOO_LARGE)


if __name__ == "__main__":
    main(*sys.argv[1:])
