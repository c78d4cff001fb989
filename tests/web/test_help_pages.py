"""The help pages: written without a name, found again by a number, and nothing is remembered."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.adapters import vault
from rankings.adapters.catalogues import LANGUAGES
from rankings.models import ComplaintCase, JournalEntry
from rankings.usecases import complaint_items
from tests.web import helping
from tests.web.helping import COMPANY, HELP, STORY, Helping
from tests.web.serving import stop

FORM, FIRST_VIEW = 9_000, 12_000


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Helping]:
    found = helping.helping(engine, tmp_path)
    yield found
    stop(found.app)


def packed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


def test_the_way_out_comes_first_and_the_telephone_before_the_form(held: Helping) -> None:
    text = held.browser().get().text
    body = text[text.index("<body>") :]
    assert body.index("/help/leave") < body.index("tel:1800123") < body.index("/help/write")
    assert body.index('href="tel:113"') < body.index("/help/write")


def test_leaving_goes_to_a_page_that_says_nothing(held: Helping) -> None:
    answer = held.browser().get("/leave")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "alpha" not in answer.location


def test_two_answers_are_enough_and_only_the_association_can_read_them(held: Helping) -> None:
    answer = held.browser().send()
    assert answer.status_code == 200
    assert len(helping.number(answer)) == 16
    (case,) = held.cases()
    (report,) = held.contents(case)
    assert (report["company"], report["happened"]) == (COMPANY, STORY)
    assert (report["may_count"], report["may_tell_agency"]) == ("later", "no")
    assert report["day"] == "2026-03-01"
    assert (case.received_month, case.channel, case.status) == ("2026-03", "web", "received")


def test_the_number_opens_the_case_and_brings_answers_and_papers(held: Helping) -> None:
    phone = held.browser()
    number = helping.number(phone.send())
    opened = phone.open(number)
    assert opened.status_code == 200
    assert "Nobody has read it yet" in opened.text
    assert STORY not in opened.text
    assert "We have your answer" in phone.open(number, "/answer", text="One thing more").text
    paper = phone.open(number, "/papers", papers=(io.BytesIO(picture()), "contract.png"))
    assert "We have your papers" in paper.text
    assert "1 of 5" in paper.text
    kinds = [one["kind"] for one in held.contents(held.cases()[0])]
    assert kinds == ["report", "message", "file"]


def picture() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(body, "PNG")
    return body.getvalue()


def test_a_question_is_read_and_answered(held: Helping) -> None:
    phone = held.browser()
    number = helping.number(phone.send())
    asked(held, "When did you pay?")
    shown = phone.open(number)
    assert "We ask you something" in shown.text
    assert "When did you pay?" in shown.text
    assert "We are checking" in phone.open(number, "/answer", text="In May").text


def asked(held: Helping, text: str) -> None:
    with db.transaction(held.engine) as session:
        case = session.exec(select(ComplaintCase)).one()
        key = complaint_items.case_key(case, held.keys.unwrap)
        complaint_items.add(
            session,
            case,
            lambda plain, name: vault.seal(key, plain, name),
            "question",
            {"text": text},
            "2026-03",
            None,
        )
        case.status = "asked"


def test_only_a_second_yes_withdraws(held: Helping) -> None:
    phone = held.browser()
    number = helping.number(phone.send())
    assert "Shall we stop?" in phone.open(number, "/withdraw").text
    assert not held.cases()[0].is_withdrawn
    assert "You asked us to stop" in phone.open(number, "/withdraw", confirmed="yes").text
    assert held.cases()[0].is_withdrawn


def test_what_is_missing_is_said_and_nothing_typed_is_lost(held: Helping) -> None:
    answer = held.browser().send(company="", contact="by night <only>", may_count="yes")
    assert answer.status_code == 422
    assert 'href="#company"' in answer.text
    assert STORY in answer.text
    assert "by night &lt;only&gt;" in answer.text
    assert 'value="yes" checked' in answer.text
    assert held.cases() == []


def test_the_same_form_sent_twice_is_one_case_with_one_number(held: Helping) -> None:
    phone = held.browser()
    token = phone.token()
    first, again = (phone.send(token=token) for _ in range(2))
    assert helping.number(first) == helping.number(again) != ""
    other = phone.send(token=token, happened="Something else")
    assert other.status_code == 422
    assert "Something else" in other.text
    assert len(held.cases()) == 1
    assert phone.send(token=helping.token(other), happened="Something else").status_code == 200
    assert len(held.cases()) == 2


def test_an_answer_sent_twice_is_kept_once(held: Helping) -> None:
    phone = held.browser()
    number = helping.number(phone.send())
    token = phone.token("/number")
    for _ in range(2):
        phone.open(number, "/answer", text="Once", token=token)
    assert [one["kind"] for one in held.contents(held.cases()[0])] == ["report", "message"]


def test_a_form_that_is_too_old_keeps_the_words_and_gets_a_fresh_token(held: Helping) -> None:
    phone = held.browser()
    token = phone.token()
    held.wait(hours=2, seconds=1)
    old = phone.send(token=token)
    assert old.status_code == 422
    assert STORY in old.text
    assert phone.send(token=helping.token(old)).status_code == 200


def test_a_token_that_is_not_ours_is_refused(held: Helping) -> None:
    for token in ("", "x", "a.b", "WyJhIiwxXQ.c2lnbmF0dXJl"):
        assert held.browser().send(token=token).status_code == 400
        assert held.browser().open("1" * 16, token=token).status_code == 400
    assert held.cases() == []


def test_another_site_cannot_send_the_form(held: Helping) -> None:
    phone = held.browser()
    data = {"token": phone.token(), "company": COMPANY, "happened": STORY}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "\u00e9"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = phone.client.post(f"{HELP}/write", data=data, headers=headers)
        assert answer.status_code == 400, headers
    assert held.cases() == []


def test_of_an_agencys_page_the_form_knows_the_agency(held: Helping) -> None:
    phone = held.browser()
    assert "VN-00011" in phone.get("/write?agency=VN-00011").text
    assert "VN-99999" not in phone.get("/write?agency=VN-99999").text


def test_without_a_key_only_the_telephone_is_offered(engine: Engine, tmp_path: Path) -> None:
    held = helping.helping(engine, tmp_path, has_key=False)
    phone = held.browser()
    page = phone.get().text
    assert "tel:1800123" in page
    assert "Writing is not possible" in page
    assert "/help/write" not in page
    assert phone.get("/write").status_code == 303
    answer = phone.send(token=phone.token("/number"))
    assert answer.status_code == 422
    assert STORY in answer.text
    stop(held.app)


def test_the_pages_leave_no_cookie_no_script_and_nothing_to_keep(held: Helping) -> None:
    phone = held.browser()
    number = helping.number(sent := phone.send())
    pages = [phone.get(), phone.get("/write"), phone.get("/number"), sent, phone.open(number)]
    for answer in [*pages, phone.open("1" * 16), phone.open(number, "/withdraw")]:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Clear-Site-Data"] == '"cache"'
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "<script" not in answer.text
        assert " style=" not in answer.text


def test_refusals_on_the_help_pages_leave_no_entry(held: Helping) -> None:
    phone = held.browser()
    with db.reading(held.engine) as session:
        before = len(session.exec(select(JournalEntry)).all())
    phone.send(token="x")
    phone.send(company="")
    phone.open("1" * 16)
    helping.number(phone.send())
    phone.get("/nothing")
    with db.reading(held.engine) as session:
        assert len(session.exec(select(JournalEntry)).all()) == before


def test_the_pages_are_light(held: Helping) -> None:
    client = held.browser().client
    for language in LANGUAGES:
        assert packed(client.get(f"/alpha/{language}/help/").text) <= FIRST_VIEW
        assert packed(client.get(f"/alpha/{language}/help/write").text) <= FORM


PROXIES = [
    {"User-Agent": "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS))"},
    {"User-Agent": "Mozilla/5.0 (Linux; Android 10) OPR/54.2 Opera Mini/50.0"},
    {"User-Agent": "Mozilla/5.0 Chrome/80", "X-OperaMini-Phone-UA": "SM-J100"},
    {"User-Agent": "UCWEB/2.0 (MIDP-2.0; U; en-US) U2/1.0.0 UCBrowser/9.4 U2/1.0.0 Mobile"},
    {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Puffin/8.3 Chrome/79"},
    {"User-Agent": "Mozilla/5.0 Chrome/70", "Via": "1.1 Chrome-Compression-Proxy"},
]


def test_a_browser_whose_maker_can_read_along_is_warned(held: Helping) -> None:
    for headers in PROXIES:
        assert "lets its maker read" in held.browser().get("/", **headers).text, headers


CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"
COMMON = [
    CHROME.format(system, made)
    for system in (
        "Linux; Android 5.1; SM-J200",
        "Linux; Android 13; Pixel 7",
        "Windows NT 10.0; Win64; x64",
        "X11; Linux x86_64",
        "Linux; Android 11; Redmi 9A",
    )
    for made in (
        "Chrome/120.0.0.0 Mobile Safari/537.36",
        "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
        "Version/4.0 Chrome/114.0 Mobile Safari/537.36 [FB_IAB/FB4A]",
        "Chrome/119.0 Mobile Safari/537.36 OPR/78.4.4",
    )
]


def test_common_browsers_are_not_warned(held: Helping) -> None:
    assert len(COMMON) == 20
    for agent in COMMON:
        assert "lets its maker read" not in held.browser(agent=agent).get().text
