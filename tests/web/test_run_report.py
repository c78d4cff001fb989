"""The page of the run report: each number in words, of the candidate or of the newest edition."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlmodel import Session

from rankings import db, publishing
from rankings.adapters import signature
from rankings.adapters.bundle import Press
from rankings.app import create_app
from rankings.canonical import digest
from rankings.models import AssessmentCycle, EditionBundle, Finding, RankingEdition
from rankings.scoring.record import Answer, Asked, Count, Events, Record
from rankings.scoring.rules import Level
from rankings.scoring.source import read
from rankings.settings import Settings
from rankings.usecases import cycles, self_assessments
from rankings.usecases.run_report import PART
from rankings.web import run_report_page, run_report_rules
from rankings.web.run_report_section import Row, Section
from rankings.web.words import Words
from tests.usecases import cores, world
from tests.usecases.cores import VN
from tests.web import desk_pages, members, small
from tests.web.doors import Doors
from tests.web.members import CYCLE, OTHER, OURS, OWN, Members
from tests.web.reading import read as parsed
from tests.web.serving import served, stop
from tests.web.test_publication import secretariat

PAGE = f"/{OURS}/staff/cycles/{CYCLE}/run-report"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application that nobody asks for anything but words."""
    folders = (tmp_path / "data", tmp_path / "keys")
    url = f"sqlite:///{tmp_path / 'none.sqlite'}"
    made = create_app(Settings("secret", url, *folders, "http://x", tmp_path / "evidence"))
    yield made
    stop(made)


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    file = shutil.copy(migrated_file, tmp_path / "db.sqlite")
    found = members.members(db.connect(f"sqlite:///{file}"), tmp_path)
    desk_pages.quick(found)
    yield found
    stop(found.app)


@pytest.fixture
def doors(migrated_file: Path, tmp_path: Path) -> Iterator[Doors]:
    """Four agencies after the cut-off day."""
    file = shutil.copy(migrated_file, tmp_path / "db.sqlite")
    found = secretariat(db.connect(f"sqlite:///{file}"), tmp_path)
    yield found
    stop(found.app)


def agency(number: int) -> Record:
    """Every other one does well; the last one has far more complaints than the others."""
    rubric = read(cores.source(VN)).rubric
    whole = cores.record(rubric, f"VN-{number:05}")
    best = cores.answered(rubric, -1 if number % 2 else 0)
    claims = cores.answered(rubric, -1, "self")
    answers: dict[str, list[Answer]] = {code: [*claims[code], *best[code]] for code in best}
    events = Count(Fraction(400 if number == 11 else 50), "minor", "substantiated", 0)
    rates = {code: Events([events], one.exposure) for code, one in whole.events.items()}
    asked = {code: Asked(10 + number, 20 + number) for code in whole.interviews}
    return replace(whole, answers=answers, events=rates, interviews=asked)


@cache
def parts() -> cores.Parts:
    """A round of twelve agencies; nobody changes it."""
    return cores.parts(VN, OURS, [agency(number) for number in range(12)])


def told(app: Flask, found: cores.Parts, **changed: Any) -> dict[str, Section]:
    """The sections of a round, in English."""
    report = dict(found[PART]) | changed
    with app.test_request_context(f"/{OURS}/en/"):
        words = Words(read(cores.source(VN)))
        sections = run_report_page.sections(words, found["ranking"], report)
        more = run_report_rules.estimates(words, report["estimates"])
    return {one.id: one for one in [*sections, more]}


def rows(section: Section) -> dict[str, Row]:
    return {row.label: row for row in section.rows}


def test_every_number_of_a_report_is_said(app: Flask) -> None:
    found = told(app, parts())
    assert sum(int(row.cells[0]) for row in found["bands"].rows) == 12
    assert [row.is_marked for row in found["bands"].rows].count(True) <= 1
    assert rows(found["rests"])["said by workers"].cells == ("25.0\u00a0%",)
    assert {row.cells[2] for row in found["cuts"].rows} <= {"100.0\u00a0%", "50.0\u00a0%"}
    # Half of the agencies claim the best and show the worst.
    assert "(50.0\u00a0%)" in found["claims"].about
    assert {row.cells[0] for row in found["voice"].rows} == {"12"}
    (worst,) = (row for row in found["outside"].rows if row.is_marked)
    assert (worst.label, worst.cells[-1]) == ("Ví Dụ VN-00011", "99.8\u00a0%")
    assert worst.spoken == "vi"
    credit = rows(found["estimates"])["Credit: said by the agency, not checked"]
    assert credit.cells[:2] == ("0.6", "0.5")
    assert found["apart"].rows[1].cells[0].endswith("%")
    assert all(one.about for one in found.values())


def test_warnings_name_what_they_are_about_and_what_to_do(app: Flask) -> None:
    given: list[dict[str, Any]] = [
        {"kind": "same_everywhere", "code": "1.1", "share": 1000},
        {"kind": "decides_alone", "code": "conduct", "share": 714},
        {"kind": "crowded_band", "code": "3", "share": 667},
    ]
    found = told(app, parts(), lint=given)["warnings"]
    same, alone, crowded = (row.cells[0] for row in found.rows)
    assert same == "Every agency has the same value here. Ask more exactly."
    assert "71.4\u00a0%" in alone
    assert "66.7\u00a0%" in crowded
    assert len({row.label for row in found.rows}) == 3


def test_what_goes_together_and_what_is_hardly_chance_is_marked(app: Flask) -> None:
    pillars = {"ids": ["conduct", "voice"], "correlations": [[1000, -204], [-204, 1000]]}
    cuts = [{"band": "5", "below": 0, "above": 9, "chance": 4}]
    found = told(app, parts(), pillars=pillars, cuts=cuts)
    (pair,), (cut,) = found["pillars"].rows, found["cuts"].rows
    assert (pair.cells, pair.is_marked) == (("−0.20",), True)
    assert (cut.cells, cut.is_marked) == (("0", "9", "0.4\u00a0%"), True)


def test_numbers_that_are_not_known_are_dashes(app: Flask) -> None:
    shown = told(app, cores.parts(VN, OURS, [replace(agency(1), state="suspended")]))
    for name in ("rests", "pillars", "apart"):
        assert {row.cells[0] for row in shown[name].rows} == {"–"}
    assert {row.cells[1] for row in shown["estimates"].rows} == {"–"}


def test_the_report_of_a_candidate_is_read_before_it_is_published(doors: Doors) -> None:
    page = f"/{small.CODE}/staff/cycles/2026"
    writer = doors.entered("writer")
    assert "There is no run report yet" in writer.get(f"{page}/run-report").text
    writer.post(f"{page}/publication/hearing", page=f"{page}/publication/", confirmed="yes")
    before = writer.get(f"{page}/publication/").text
    assert f'href="{page}/run-report"' in before
    answer = writer.get(f"{page}/run-report")
    assert "It is about the candidate for edition 1." in answer.text
    assert "candidate/2026/method/sensitivity" in answer.text
    heads = [one.text for one in parsed(answer.text).all("h2")]
    assert len(heads) >= 10


def test_the_report_of_the_newest_edition_stays(doors: Doors) -> None:
    known = doors.app.extensions["settings"]
    small.Small(doors.engine, known).publish()
    answer = doors.entered("writer").get(f"/{small.CODE}/staff/cycles/2026/run-report")
    assert "It is about edition 1." in answer.text
    assert f"/{small.CODE}/en/method/sensitivity" in answer.text


def publish(held: Members, slug: str, as_of: date, found: cores.Parts) -> None:
    """An edition from parts that are there, of a cycle that is made where there is none."""
    settings = held.app.extensions["settings"]
    with db.transaction(held.engine) as session:
        cycle = _cycle(session, slug, as_of)
        told_ = {"slug": slug, "name": slug, "as_of": as_of.isoformat()}
        folder = settings.data / slug
        folder.mkdir(parents=True)
        press = Press(folder, signature.private(settings.keys, OURS))
        press.start(read(cores.source(VN)))
        for name, part in found.items():
            press.add(name, dict(part) | ({"cycle": told_} if name == "ranking" else {}))
        manifest: dict[str, Any] = {"association": found["ranking"]["association"]}
        manifest |= {"cycle": told_, "number": 1, "reason": None, "inputs": "0" * 64}
        day = as_of + timedelta(days=30)
        manifest |= {"published_on": day.isoformat(), "published_at": held.now.isoformat()}
        body = press.seal(manifest | press.finish())
        with ZipFile(BytesIO(body)) as archive:
            sha256 = digest(archive.read("manifest.json"))
        of: dict[str, Any] = {"association": OURS, "cycle": cycle.id, "as_of": as_of}
        row = RankingEdition(
            **of, id=uuid4(), number=1, digest=sha256, published_at=held.now + timedelta(days=1)
        )
        session.add(row)
        session.flush()
        session.add(EditionBundle(association=OURS, edition=row.id, body=body))
        session.flush()
        publishing.notice_issued(session, settings, OURS, world.act(held.now))


def _cycle(session: Session, slug: str, as_of: date) -> AssessmentCycle:
    known = cycles.find(session, OURS, CYCLE)
    if slug == CYCLE:
        return known
    new = {"id": uuid4(), "slug": slug, "name": slug, "as_of": as_of}
    row = AssessmentCycle(**(known.model_dump() | new))
    session.add(row)
    session.flush()
    return row


def found_by(held: Members, who: str, agency_code: str) -> None:
    """A finding that came in a file; it names its auditor's account, or whatever it likes."""
    with db.transaction(held.engine) as session:
        cycle, row = self_assessments.find(session, OURS, CYCLE, agency_code)
        option = next(one for one in cycles.code_of(cycle).rubric.indicators if one.id == "2.1")
        assert isinstance(option.rule, Level)
        session.add(
            Finding(
                association=OURS,
                cycle=cycle.id,
                agency=row.id,
                indicator="2.1",
                evidence="document",
                found=option.rule.options[0 if who in held.accounts else -1].id,
                found_on=members.TODAY.date(),
                auditor=str(held.accounts.get(who, who)),
            )
        )


def auditors(held: Members, who: str) -> dict[str, str]:
    """The rows of auditors as somebody reads them."""
    page = parsed(held.client(who).get(PAGE).text)
    return {one.text.strip(): one.tag for one in page.all("th") if "scope" in one.attributes}


def test_auditors_are_named_but_nobody_reads_about_themselves(held: Members) -> None:
    found_by(held, "lead_auditor", OWN)
    found_by(held, "A. Reader", OTHER)
    assert {"lead_auditor", "A. Reader"} <= auditors(held, "secretariat").keys()
    own = auditors(held, "lead_auditor").keys()
    assert ("lead_auditor" in own, "A. Reader" in own) == (False, True)


def test_the_page_is_for_everybody_on_a_small_screen(held: Members, browser: Browser) -> None:
    before = cores.parts(VN, OURS, [agency(number + 1) for number in range(12)])
    publish(held, "2025", date(2025, 6, 30), before)
    publish(held, CYCLE, world.AS_OF, parts())
    found_by(held, "A. Reader", OTHER)
    with served(held.app) as site:
        page = desk_pages.opened(browser, held, "lead_auditor", site, bypass_csp=True)
        page.goto(site + PAGE)
        for plot in ("Scores before and now", "Complaints per 1,000 workers"):
            assert page.get_by_role("img", name=plot).count() == 1
        assert page.get_by_text("Agencies per band, edition by edition").count() == 1
        wrong = desk_pages.look(page, "run report")
        page.context.close()
    assert wrong == []
