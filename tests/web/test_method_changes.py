"""Trying a version on the last edition, and making the report that it needs."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from rankings import db
from rankings.adapters import rubric_files
from rankings.app import create_app
from rankings.errors import Conflict
from rankings.models import AssessmentCycle, MethodReport, Rubric
from rankings.scoring.source import RubricSource
from rankings.scoring.source import read as read_rubric
from rankings.usecases import accounts, assessments, cycles, memberships, method_movement, rubrics
from rankings.usecases.edition_parts import METHOD_REPORT
from rankings.web import shelf
from tests.usecases import world
from tests.web import small
from tests.web.members import OURS, Members
from tests.web.reading import read
from tests.web.serving import stop

PAGE = f"/{OURS}/staff/method/"
VERSION = f"{PAGE}coc-vn/2.0.0/"
OLD = rubric_files.source(small.RUBRIC)
# A claim that nobody checked is worth less.
TEXT = OLD.document.replace('version = "1.0.0"', 'version = "2.0.0"').replace(
    "self = 0.6 }", "self = 0.5 }", 1
)


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Members]:
    """An association with an edition, and a version that is stored and not used."""
    monkeypatch.setattr(shelf, "SECONDS", 0.0)
    engine = db.connect(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'own.sqlite')}")
    made = small.prepared(engine, tmp_path)
    with db.transaction(engine) as session:
        cycle = cycles.find(session, OURS, "2026")
        given = [world.answer("1.2", options()[-1], agency="L-2")]
        assert assessments.save_self_assessments(session, cycle, given, world.NOW).problems == []
        rubrics.store(session, OURS, RubricSource(TEXT, OLD.labels), world.act())
    made.publish()
    found = Members(create_app(made.settings), engine)
    found.app.extensions["clock"] = lambda: world.NOW
    with db.transaction(engine) as session:
        for role in ("secretariat", "lead_auditor", "regulator"):
            found.accounts[role] = person(session, role)
    yield found
    stop(found.app)
    engine.dispose()


def person(session: Session, role: str) -> UUID:
    newcomer = accounts.Newcomer(role, "en", "no password opens this")
    account = accounts.add(session, f"{role}@example.org", newcomer, world.act()).id
    memberships.grant(session, OURS, account, role, None, world.act())
    return account


def options() -> list[str]:
    rubric = read_rubric(OLD).rubric
    rule = next(one.rule for one in rubric.indicators if one.id == "1.2")
    return [one.id for one in rule.options]  # type: ignore[union-attr]


def send(held: Members, client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": held.token} | fields)


def file(text: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode()), "rubric.toml"


def stored(held: Members) -> list[MethodReport]:
    with db.reading(held.engine) as session:
        return list(session.exec(select(MethodReport)).all())


def test_a_version_is_tried_and_its_report_made_before_a_cycle_opens_by_it(held: Members) -> None:
    office = held.client("secretariat")
    listed = office.get(PAGE).text
    assert "Of the last edition" in listed
    assert "Report needed" in listed
    shown = office.get(VERSION).text
    assert "Make the report" in shown
    assert "Version 2.0.0 on the last edition" in shown
    assert "Ví Dụ Hai" in shown
    assert "Ví Dụ Một" not in shown
    with db.transaction(held.engine) as session, pytest.raises(Conflict):
        opened(session)
    assert stored(held) == []
    assert send(held, office, VERSION).status_code == 303
    assert "The report was made" in office.get(VERSION).text
    assert "Report made" in office.get(PAGE).text
    assert len(stored(held)) == 1
    with db.transaction(held.engine) as session:
        assert opened(session).rubric_version == "2.0.0"


def opened(session: Session) -> AssessmentCycle:
    """The next cycle, by the version that was stored."""
    plan = cycles.Plan(uuid4(), "2027", "2027", date(2027, 6, 30), ("coc-vn", "2.0.0"))
    return cycles.open_cycle(session, OURS, plan, world.act())


def test_who_reads_sees_no_button_and_makes_no_report(held: Members) -> None:
    for role in ("lead_auditor", "regulator"):
        client = held.client(role)
        shown = client.get(VERSION).text
        assert "Version 2.0.0 on the last edition" in shown
        assert "Make the report" not in shown
        assert send(held, client, VERSION).status_code == 403
    assert stored(held) == []


def test_a_file_is_tried_and_nothing_is_kept(held: Members) -> None:
    office = held.client("secretariat")
    gone = TEXT.replace('id = "1.2"', 'id = "1.9"')
    answer = send(held, office, PAGE, file=file(gone))
    assert answer.status_code == 200
    assert "Nothing is kept" in answer.text
    assert "No longer asked" in answer.text
    with db.reading(held.engine) as session:
        known = select(Rubric).where(Rubric.association == OURS)
        assert len(session.exec(known).all()) == 2
    assert stored(held) == []


def test_a_file_that_is_no_sound_rubric_is_refused_with_all_that_is_wrong(held: Members) -> None:
    office = held.client("secretariat")
    unsound = TEXT.replace("weight = 50", "weight = 51", 1).replace("half_up", "sideways")
    for text, word in ((unsound, "sideways"), ("nonsense", "not valid TOML")):
        answer = send(held, office, PAGE, file=file(text))
        assert answer.status_code == 422
        assert word in answer.text
    assert send(held, office, PAGE).status_code == 422
    assert send(held, office, PAGE, file=(io.BytesIO(b"\xff\xfe"), "a.toml")).status_code == 422


def test_the_version_of_the_last_edition_moves_nobody(held: Members) -> None:
    office = held.client("secretariat")
    shown = office.get(f"{PAGE}coc-vn/1.0.0/").text
    assert "by this very version" in shown
    assert "No score moves." in shown
    assert send(held, office, f"{PAGE}coc-vn/1.0.0/").status_code == 422
    assert office.get(f"{PAGE}coc-vn/9.0.0/").status_code == 404


def test_everybody_reads_what_the_new_rules_changed(held: Members) -> None:
    """The first edition by the new version carries the report, and its page shows both parts."""
    public = held.client(None)
    assert public.get(f"/{OURS}/en/method/change").status_code == 404
    assert "What the new rules changed" not in public.get(f"/{OURS}/en/method").text
    assert send(held, held.client("secretariat"), VERSION).status_code == 303
    with db.transaction(held.engine) as session:
        opened(session)
    small.Small(held.engine, held.app.extensions["settings"]).publish(cycle="2027", later=400)
    assert "What the new rules changed" in public.get(f"/{OURS}/en/method").text
    found = read(public.get(f"/{OURS}/en/method/change").text)
    assert found.one("h1").text == "What the new rules changed"
    edition = held.app.extensions["shelf"].current(OURS)
    body, ranking = edition.part(METHOD_REPORT), edition.part("ranking")
    assert method_movement.with_split(body, ranking) == body
    (one,) = [agency for agency in body["agencies"] if agency["method"]]
    assert one["method"] + one["behaviour"] == one["movement"]
    assert "The agency:" in found.text
