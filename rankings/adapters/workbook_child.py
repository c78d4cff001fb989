"""Reads a workbook in a process of its own that can open nothing and is stopped if it swells."""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from rankings.adapters.sheet_rows import Rows
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


def table_of(file: bytes) -> Rows:
    """The first sheet; raises Refused for the file, Invalid for its cells."""
    parts = parts_of(file)
    for name in parts:
        if name.endswith(".rels"):
            read(file, parts, name, Relations("", parts))
    book, relations = Workbook(), Relations("xl", parts)
    read(file, parts, BOOK, book)
    read(file, parts, BOOK_RELATIONS, relations)
    refuse_if(not book.sheets, f"has no sheet; {ANEW}")
    part = _sheet_part(book.sheets[0], relations)
    rows = Rows("xlsx", MAX_ROWS)
    sheet = Sheet(rows, _meaning(file, parts, book, relations))
    read(file, parts, part, sheet)
    sheet.finish()
    rows.finish()
    return rows


def _sheet_part(sheet: SheetName, relations: Relations) -> str:
    refuse_if(sheet.hidden, f"has a hidden first sheet; {MOVE}", sheet.name)
    return relations.part(relations.by_id.get(sheet.relation, ""), SHEETS)


def _meaning(file: bytes, parts: Parts, book: Workbook, relations: Relations) -> Meaning:
    strings, styles = SharedStrings(), Styles()
    for kind, elements in (("sharedStrings", strings), ("styles", styles)):
        if kind in relations.by_kind:
            part = relations.part(relations.by_kind[kind], "xl/")
            read(file, parts, part, elements)
    return Meaning(strings.strings, styles.kinds, book.since_1904)


def answer(file: bytes) -> Iterator[Any]:
    """The header, then the rows; or what is wrong and nothing else."""
    try:
        rows = table_of(file)
    except Refused as refusal:
        yield {"refused": [refusal.value, str(refusal)]}
    except Invalid as invalid:
        yield {"problems": [[p.place, p.value, p.remedy] for p in invalid.problems]}
    else:
        yield {"header": rows.header}
        yield from rows.lines


def write(messages: Iterable[Any]) -> None:
    for message in messages:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass") + b"\n")
    sys.stdout.buffer.flush()


def main(memory: str, seconds: str) -> None:
    """Reads standard input to its end and answers on standard output."""
    limit(int(memory), int(seconds))
    # What is read is kept to the end; there is nothing to collect.
    gc.disable()
    try:
        write(answer(sys.stdin.buffer.read()))
    except MemoryError:
        sys.exit(TOO_LARGE)


if __name__ == "__main__":
    main(*sys.argv[1:])
