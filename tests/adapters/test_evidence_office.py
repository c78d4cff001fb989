"""Word and Excel files: what hides or fetches something is refused."""

from pathlib import Path

import pytest

from rankings.adapters import evidence, evidence_office
from rankings.adapters.evidence_kinds import EXCEL, WORD, Fault, Unfit
from tests.adapters.evidence_files import excel, office_entries, relation, text, types, word
from tests.adapters.hostile_zips import ZIPS, Entry, noise, pack
from tests.adapters.sheet_files import written as saved
from tests.office import Convert


def typed(sign: str) -> dict[str, str | bytes]:
    more = f'<Override PartName="/word/x.xml" ContentType="application/vnd.{sign}"/>'
    return {"[Content_Types].xml": types("word/document.xml", more=more), "word/x.xml": "<a/>"}


def related(kind: str, target: str, more: str = "") -> dict[str, str | bytes]:
    return {"word/_rels/document.xml.rels": relation(kind, target, more)}


def outside(kind: str, target: str) -> dict[str, str | bytes]:
    return related(kind, target, 'TargetMode="External"')


def field(*pieces: str) -> dict[str, str | bytes]:
    said = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return {"word/document.xml": text(f'<w:fldChar w:fldCharType="begin"/>{said}')}


WORD_PARTS: dict[str, tuple[dict[str, str | bytes], Fault]] = {
    "macros": ({"word/vbaProject.bin": b"x"}, Fault.MACROS),
    "macros by type": (typed("ms-office.vbaProject"), Fault.MACROS),
    "macros in the main part": (typed("ms-word.document.macroEnabled.main+xml"), Fault.MACROS),
    "macros by relation": (related("vbaProject", "a.xml"), Fault.MACROS),
    "menus": ({"customUI/customUI.xml": "<a/>"}, Fault.MACROS),
    "embedded workbook": ({"word/embeddings/a.xlsx": b"PK"}, Fault.EMBEDDED),
    "embedded object": (related("oleObject", "a.xml"), Fault.EMBEDDED),
    "other text": (related("aFChunk", "a.xml"), Fault.EMBEDDED),
    "ActiveX": ({"word/activeX/activeX1.xml": "<a/>"}, Fault.EMBEDDED),
    "program": ({"word/media/a.exe": b"MZ"}, Fault.EMBEDDED),
    "template": (outside("attachedTemplate", "https://x/a.dotm"), Fault.ELSEWHERE),
    "picture elsewhere": (outside("image", "https://x/a.png"), Fault.ELSEWHERE),
    "link to a file": (outside("hyperlink", "file:///c:/a.exe"), Fault.ELSEWHERE),
    "link to a host": (outside("hyperlink", r"\\host\share"), Fault.ELSEWHERE),
    "script in a link": (outside("hyperlink", "javascript:x"), Fault.ELSEWHERE),
    "DDE": (field(' DDEAUTO c:\\\\a "b"'), Fault.ELSEWHERE),
    "DDE in pieces": (field(" D", "DE", "AUTO c:"), Fault.ELSEWHERE),
    "DDE in digits": (field(" QUOTE 68 68 69"), Fault.ELSEWHERE),
    "simple field": (
        {"word/document.xml": text('<w:fldSimple w:instr="INCLUDETEXT a"/>')},
        Fault.ELSEWHERE,
    ),
    "late field": (
        {
            "word/document.xml": text(f"<w:instrText>{'x' * 150_000}</w:instrText>"),
            **field("DDE a"),
        },
        Fault.ELSEWHERE,
    ),
    "entities": ({"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, Fault.DAMAGED),
    "entities in UTF-16": (
        {
            "word/styles.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a []><a/>'.encode(
                "utf-16"
            )
        },
        Fault.DAMAGED,
    ),
    "no XML": ({"word/styles.xml": "<a>"}, Fault.DAMAGED),
    "too deep": ({"word/styles.xml": "<a>" * 300 + "</a>" * 300}, Fault.TOO_MUCH),
    "leads outside": ({"../evil.xml": "<a/>"}, Fault.DAMAGED),
    "no main part": ({"[Content_Types].xml": "<Types/>"}, Fault.NOT_THAT_KIND),
    "bomb": ({"word/styles.xml": b"<a>" + b"x" * 3_000_000 + b"</a>"}, Fault.TOO_MUCH),
    "large part": ({"word/styles.xml": b"<a>" + b"x" * 40_000_000}, Fault.TOO_MUCH),
    "large in all": (
        {f"word/s{n}.xml": noise(20_000_000) for n in range(3)},
        Fault.TOO_MUCH,
    ),
}


@pytest.mark.parametrize("name", WORD_PARTS)
def test_a_text_that_hides_or_fetches_is_refused(name: str) -> None:
    parts, expected = WORD_PARTS[name]
    with pytest.raises(Unfit) as refusal:
        evidence_office.check(word(parts), WORD)
    assert refusal.value.fault == expected


EXCEL_PARTS: dict[str, tuple[dict[str, str | bytes], Fault]] = {
    "macro sheet": ({"xl/macrosheets/sheet1.xml": "<a/>"}, Fault.MACROS),
    "other workbooks": ({"xl/externalLinks/externalLink1.xml": "<a/>"}, Fault.ELSEWHERE),
    "data connection": ({"xl/connections.xml": "<a/>"}, Fault.ELSEWHERE),
    "web query": ({"xl/queryTables/q.xml": "<a/>"}, Fault.ELSEWHERE),
    "binary": ({"xl/workbook.bin": b"x"}, Fault.EMBEDDED),
    "web function": (
        {"xl/worksheets/sheet1.xml": "<a><f>_xlfn.WEBSERVICE(A1)</f></a>"},
        Fault.ELSEWHERE,
    ),
    "DDE": ({"xl/worksheets/sheet1.xml": "<a><f>cmd|'/c calc'!A0</f></a>"}, Fault.ELSEWHERE),
    "named function": (
        {"xl/workbook.xml": "<a><definedName>CALL(1)</definedName></a>"},
        Fault.ELSEWHERE,
    ),
}


@pytest.mark.parametrize("name", EXCEL_PARTS)
def test_a_workbook_that_hides_or_fetches_is_refused(name: str) -> None:
    parts, expected = EXCEL_PARTS[name]
    with pytest.raises(Unfit) as refusal:
        evidence_office.check(excel(parts), EXCEL)
    assert refusal.value.fault == expected


# Two of them are large and stand among the parts above.
@pytest.mark.parametrize("name", sorted(ZIPS.keys() - {"300 MB of text", "60 MB in all"}))
def test_a_zip_file_that_lies_is_refused(name: str) -> None:
    with pytest.raises(Unfit):
        evidence_office.check(ZIPS[name][0](), EXCEL)


def test_an_encrypted_part_is_refused() -> None:
    parts = office_entries("xl/workbook.xml", "<a/>")
    parts[2] = Entry(parts[2].name, parts[2].content, flags=1)
    with pytest.raises(Unfit) as refusal:
        evidence.accept("table.xlsx", pack(parts))
    assert refusal.value.fault == Fault.PASSWORD


def test_links_charts_and_pictures_are_taken() -> None:
    links = relation("hyperlink", "https://example.org/import?a=b", 'TargetMode="External"')
    more: dict[str, str | bytes] = {
        "word/_rels/document.xml.rels": links,
        "word/charts/chart1.xml": "<c/>",
        "word/media/image1.png": b"\x89PNG",
        "word/footnotes.xml": "<a><instrText> HYPERLINK http://a.org/database/dde </instrText></a>",
        "docProps/app.xml": "<a/>",
        "customXml/item1.xml": "<a/>",
    }
    assert not evidence.accept("letter.docx", word(more)).has_active_content


def test_what_an_office_writes_is_taken(tmp_path: Path, convert: Convert) -> None:
    table = saved(tmp_path, "Tên,Số\nVí Dụ,1\n".encode(), "table.csv")
    for form in ("xlsx", "pdf"):
        file = convert(table, form)
        taken = evidence.accept(file.name, file)
        assert taken.stored == file.read_bytes()
        assert not taken.has_active_content
