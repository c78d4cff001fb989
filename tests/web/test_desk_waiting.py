"""What a desk says is to be done, who stays blind, and help lines from the desk to the phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from rankings import db
from rankings.models import Audit, ComplaintCase, HelpLine, SecondOpinion
from rankings.usecases import help_lines
from tests.web import members
from tests.web.members import CYCLE, OTHER, OURS, OWN, Members
from tests.web.serving import stop

STAFF = f"/{OURS}/staff/"
OF_OTHER = f"{STAFF}cycles/{CYCLE}/agencies/{OTHER}"


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    file = shutil.copy(migrated_file, tmp_path / "db.sqlite")
    found = members.members(db.connect(f"sqlite:///{file}"), tmp_path)
    yield found
    stop(found.app)


def desk(held: Members, who: str) -> str:
    return held.client(who).get(STAFF).text


def opinion_of_other(session: Session, held: Members) -> SecondOpinion:
    key = {"association": OURS, "id": held.things[OURS, OTHER]["opinion"]}
    return session.get_one(SecondOpinion, key)


def test_an_auditor_sees_the_own_audit_until_it_is_closed(held: Members) -> None:
    address = f"{STAFF}audits/{held.things[OURS, OWN]['audit']}/"
    assert address in desk(held, "auditor")
    assert address not in desk(held, "lead_auditor")
    with db.transaction(held.engine) as session:
        key = {"association": OURS, "id": held.things[OURS, OWN]["audit"]}
        session.get_one(Audit, key).closed_at = held.now
    assert address not in desk(held, "auditor")


def test_an_asked_auditor_sees_the_second_opinion_until_it_is_given(held: Members) -> None:
    address = f"{STAFF}second-opinions/{held.things[OURS, OTHER]['opinion']}/"
    assert address not in desk(held, "auditor")
    with db.transaction(held.engine) as session:
        opinion_of_other(session, held).auditor = held.accounts["auditor"]
    assert address in desk(held, "auditor")
    with db.transaction(held.engine) as session:
        opinion_of_other(session, held).given_at = held.now
    assert address not in desk(held, "auditor")


def test_complaints_without_an_officer_are_counted_for_the_secretariat(held: Members) -> None:
    assert "nobody works on yet" not in desk(held, "secretariat")
    with db.transaction(held.engine) as session:
        key = {"association": OURS, "id": held.things[OURS, OWN]["case"]}
        session.get_one(ComplaintCase, key).officer = None
    assert "Complaints that nobody works on yet: 1" in desk(held, "secretariat")
    assert "nobody works on yet" not in desk(held, "auditor")


@pytest.mark.parametrize("page", ["self-assessment/what-if", "corrective-actions/"])
def test_whoever_owes_a_second_opinion_sees_nothing_that_hints_at_the_first(
    held: Members, page: str
) -> None:
    auditor = held.client("auditor")
    assert auditor.get(f"{OF_OTHER}/{page}").status_code == 200
    with db.transaction(held.engine) as session:
        opinion_of_other(session, held).auditor = held.accounts["auditor"]
    refused = auditor.get(f"{OF_OTHER}/{page}")
    assert refused.status_code == 409
    assert "second opinion" in refused.text
    with db.transaction(held.engine) as session:
        opinion_of_other(session, held).given_at = held.now
    assert auditor.get(f"{OF_OTHER}/{page}").status_code == 200


def sent(held: Members, seen: str, **line: str) -> int:
    """The status of the form of help lines, with one line in it."""
    fields = {f"1-{name}": text for name, text in line.items()}
    data = {"csrf_token": held.token, "seen": seen, "lines": "1"} | fields
    return held.client("secretariat").post(f"{STAFF}help-lines", data=data).status_code


def seen(held: Members) -> str:
    with db.reading(held.engine) as session:
        return help_lines.token(help_lines.lines(session, OURS))


def test_a_help_line_that_the_secretariat_writes_is_on_the_phone(held: Members) -> None:
    line = {"number": "0000 000 009", "kind": "help", "spoken": "vi", "names-vi": "Tổng đài"}
    old = seen(held)
    assert sent(held, old, **line) == 303
    page = held.client(None).get(f"/{OURS}/km/help/").text
    assert 'href="tel:0000000009"' in page
    assert '<b lang="vi">Tổng đài</b>' in page
    assert sent(held, old, **line | {"number": "0000 000 008"}) == 422
    assert sent(held, seen(held), **line | {"number": "call us"}) == 422
    with db.reading(held.engine) as session:
        mine = select(HelpLine).where(HelpLine.association == OURS)
        assert [one.number for one in session.exec(mine)] == ["0000 000 009"]
