"""Forty hostile names: each becomes one plain name that keeps its ending."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.adapters.evidence_names import safe

HOSTILE = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\windows\\system.pdf": "system.pdf",
    "/etc/cron.d/a.pdf": "a.pdf",
    "C:\\fakepath\\scan.jpg": "scan.jpg",
    "\\\\host\\share\\a.pdf": "a.pdf",
    "a.pdf/": "file",
    "....pdf": "file.pdf",
    ".pdf": "file.pdf",
    ".htaccess.pdf": "htaccess.pdf",
    "": "file",
    " ": "file",
    ".": "file",
    "..": "file",
    "a.pdf\r\nSet-Cookie: a=b": "a.pdf Set-Cookie_ a=b",
    "a\r\n.pdf": "a.pdf",
    "a\0.exe.pdf": "a.exe.pdf",
    "a.pdf\0.exe": "a.pdf.exe",
    "gpj\u202efdp.exe": "gpjfdp.exe",
    "a\u202egpj.pdf": "agpj.pdf",
    "\u2066a\u2069.pdf": "a.pdf",
    "\ufeffa.pdf": "a.pdf",
    "a\u200b\u200d.pdf": "a.pdf",
    "a\u2028b.pdf": "a b.pdf",
    'a".pdf': "a_.pdf",
    "a'; filename=b.pdf": "a__ filename=b.pdf",
    "a\"; filename*=UTF-8''b.pdf": "a__ filename_=UTF-8__b.pdf",
    "a%0d%0ab.pdf": "a_0d_0ab.pdf",
    "a?b*c|d<e>f:g.pdf": "a_b_c_d_e_f_g.pdf",
    "$(rm -rf ~).pdf": "_(rm -rf ~).pdf",
    "`id`.pdf": "_id_.pdf",
    "-rf.pdf": "rf.pdf",
    "=cmd.xlsx": "cmd.xlsx",
    "@SUM(1).xlsx": "SUM(1).xlsx",
    "~$letter.docx": "_letter.docx",
    "con.pdf": "_con.pdf",
    "NUL.tar.pdf": "_NUL.tar.pdf",
    "com1.pdf": "_com1.pdf",
    "lpt².pdf": "_lpt².pdf",
    "a.PDF": "a.pdf",
    "a.pdf. . .": "a.pdf",
    "a  \t b.pdf": "a b.pdf",
    "<svg onload=alert(1)>.png": "_svg onload=alert(1)_.png",
    "{{7*7}}.pdf": "__7_7__.pdf",
    "\ud800.pdf": "file.pdf",
    "លិខិត ស្នើ.pdf": "លិខិត ស្នើ.pdf",
    "Ho\u031b\u0323p đo\u0302\u0300ng.pdf": "Hợp đồng.pdf",
    "စာချုပ်.pdf": "စာချုပ်.pdf",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_becomes_a_plain_one(name: str) -> None:
    assert safe(name) == HOSTILE[name]


def test_there_are_forty() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("letter", ["a", "é", "ក", "စ", "漢", "𝕏"])
def test_a_long_name_keeps_its_ending(letter: str) -> None:
    name = safe(letter * 300 + ".pdf")
    assert name.endswith(".pdf")
    assert 40 < len(name) <= 100
    assert len(name.encode()) <= 200


@given(st.text(max_size=300))
def test_every_name_becomes_a_plain_one_that_stays(name: str) -> None:
    found = safe(name)
    assert 0 < len(found) <= 100
    assert len(found.encode()) <= 200
    assert not set(found) & set('/\\:*?"<>|%;\r\n\0')
    assert all(unicodedata.category(sign)[0] != "C" for sign in found)
    assert found[0] not in ".- "
    assert found[-1] not in ". "
    assert safe(found) == found
