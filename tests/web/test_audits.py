"""Organising audits in the browser: ties, panel, assignment, blind second opinions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from rankings import db
from rankings.models import Account, Agency, AssessmentCycle, Audit, Finding, SecondOpinion
from rankings.usecases import self_assessments, settlements
from tests.web import members
from tests.web.members import CYCLE, INDICATOR, OTHER, OURS, OWN, Members
from tests.web.serving import stop

STAFF = f"/{OURS}/staff"
AUDITS = f"{STAFF}/cycles/{CYCLE}/audits/"
OPINIONS = f"{STAFF}/second-opinions/"
DUE = "2026-04-01"
TOKEN = re.compile(rb'name="csrf_token" value="[^"]+"')


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    file = shutil.copy(migrated_file, tmp_path / "db.sqlite")
    found = members.members(db.connect(f"sqlite:///{file}"), tmp_path)
    yield found
    stop(found.app)


def post(held: Members, who: str, path: str, **fields: object) -> Any:
    sent = {name: str(value) for name, value in fields.items()}
    return held.client(who).post(path, data={"csrf_token": held.token} | sent)


def assign(held: Members, whom: str, **more: object) -> Any:
    usual = {"agency": OWN, "evidence": "document", "auditor": held.accounts[whom], "due_on": DUE}
    return post(held, "lead_auditor", f"{AUDITS}new", **(usual | more))


def declare(held: Members, who: str, agency: str = OWN, **more: object) -> Any:
    said = {"kind": "family", "since": "2020-01-01", "statement": "My sister works there."}
    usual = {"account": held.accounts[who], "agency": agency} | said
    return post(held, who, f"{STAFF}/declarations", **(usual | more))


def page(held: Members, who: str, path: str) -> str:
    answer = held.client(who).get(path)
    assert answer.status_code == 200
    return str(answer.text)


def test_a_tied_auditor_is_refused_beside_the_field_and_nothing_is_lost(held: Members) -> None:
    assert declare(held, "auditor").status_code == 303
    answer = assign(held, "auditor")
    assert answer.status_code == 409
    assert "tied to the agency" in answer.text
    assert f'value="{DUE}"' in answer.text
    assert assign(held, "lead_auditor").status_code == 303
    assert "Desk check" in page(held, "lead_auditor", AUDITS)


def test_a_tie_declared_too_late_is_shown_at_once(held: Members) -> None:
    assert "Must be given" not in page(held, "auditor", f"{STAFF}/declarations")
    declare(held, "auditor")
    own = page(held, "auditor", f"{STAFF}/declarations")
    assert f"Audit of {OWN} in {CYCLE}" in own
    assert "must be given to somebody else" in page(held, "lead_auditor", AUDITS)
    assert "give it to somebody else" in page(held, "secretariat", f"{STAFF}/declarations")


def test_ties_are_seen_by_whose_they_are_and_by_the_secretariat(held: Members) -> None:
    declare(held, "auditor", statement="A very private matter.")
    seen = {
        who: "A very private matter." in page(held, who, f"{STAFF}/declarations")
        for who in ("auditor", "lead_auditor", "case_officer", "secretariat")
    }
    assert seen == {
        "auditor": True,
        "lead_auditor": False,
        "case_officer": False,
        "secretariat": True,
    }
    forged = declare(held, "auditor", account=held.accounts["lead_auditor"])
    assert forged.status_code == 422


def test_all_faults_are_named_and_everything_typed_stays(held: Members) -> None:
    answer = declare(held, "auditor", agency="", kind="", since="yesterday", statement="")
    assert answer.status_code == 422
    for field in ("agency", "kind", "since", "statement"):
        assert f'href="#{field}"' in answer.text
    assert 'value="yesterday"' in answer.text


def test_a_tie_ends_from_its_page_and_not_in_the_past(held: Members) -> None:
    declare(held, "auditor")
    found = re.findall(r"declarations/[\w-]+/end", page(held, "auditor", f"{STAFF}/declarations"))
    past = post(held, "auditor", f"{STAFF}/{found[0]}", until="2026-02-28")
    assert past.status_code == 422
    assert "today or a later day" in past.text
    assert post(held, "auditor", f"{STAFF}/{found[0]}", until="2026-03-01").status_code == 303
    assert post(held, "auditor", f"{STAFF}/{found[0]}", until="2026-03-09").status_code == 409


def test_an_auditor_sees_own_audits_and_a_regulator_all(held: Members) -> None:
    own = page(held, "auditor", AUDITS)
    assert OWN in own
    assert OTHER not in own
    everything = page(held, "regulator", AUDITS)
    assert OTHER in everything
    assert "reassign" not in everything


def test_an_audit_is_given_to_somebody_else_from_its_form(held: Members) -> None:
    audit = held.things[OURS, OWN]["audit"]
    path = f"{AUDITS}{audit}/reassign"
    known = {"due_on": DUE, "reason": "absence", "auditor": held.accounts["lead_auditor"]}
    slow = post(held, "lead_auditor", path, **known, seen=held.accounts["lead_auditor"])
    assert slow.status_code == 409
    assert f'name="seen" value="{held.accounts["auditor"]}"' in slow.text
    done = post(held, "lead_auditor", path, **known, seen=held.accounts["auditor"])
    assert done.status_code == 303
    assert OWN not in page(held, "auditor", AUDITS)


def test_whoever_has_a_reason_is_proposed_with_a_link(held: Members) -> None:
    with db.transaction(held.engine) as session:
        known = session.exec(select(Audit).where(Audit.association == OURS)).all()
        for one in known:
            one.evidence = "document"
    shown = page(held, "secretariat", f"{AUDITS}proposal")
    assert "Never visited" in shown
    assert f"new?agency={OWN}&amp;evidence=audit" in shown
    form = page(held, "secretariat", f"{AUDITS}new?agency={OWN}&evidence=audit")
    assert f'value="{OWN}" selected' in form


@dataclass(frozen=True)
class Drawn:
    """A finding of a closed desk check that the auditor is asked to make again."""

    held: Members
    opinion: UUID
    audit: UUID

    @property
    def path(self) -> str:
        return f"{OPINIONS}{self.opinion}/"

    def body(self) -> bytes:
        answer = self.held.client("auditor").get(self.path)
        assert answer.status_code == 200
        return TOKEN.sub(b"", answer.get_data())

    def change(self, found: str, reason: str, name: str) -> None:
        """The first finding is another one, made by somebody of another name."""
        with db.transaction(self.held.engine) as session:
            known = select(Finding).where(Finding.audit == self.audit)
            finding = session.exec(known).one()
            finding.found, finding.reason = found, reason
            session.get_one(Account, self.held.accounts["secretariat"]).name = name

    def finding(self) -> Finding:
        with db.reading(self.held.engine) as session:
            return session.exec(select(Finding).where(Finding.audit == self.audit)).one()

    def give(self, found: str = "own-staff", reason: str = "Seen at the desk.") -> Any:
        return post(self.held, "auditor", self.path, found=found, reason=reason)


@pytest.fixture
def drawn(held: Members) -> Drawn:
    """The secretariat made the first finding; a lead auditor settles."""
    first = held.accounts["secretariat"]
    with db.transaction(held.engine) as session:
        cycle, agency = self_assessments.find(session, OURS, CYCLE, OWN)
        audit = _audit(session, cycle, agency, first)
        row: dict[str, Any] = {"association": OURS, "cycle": cycle.id, "agency": agency.id}
        row |= {"indicator": INDICATOR, "evidence": "document", "found": "lent"}
        row |= {"found_on": date(2026, 2, 1), "auditor": str(first), "audit": audit.id}
        opinion = SecondOpinion(
            association=OURS,
            id=uuid4(),
            audit=audit.id,
            indicator=INDICATOR,
            auditor=held.accounts["auditor"],
            drawn_at=members.TODAY,
        )
        made_at = members.TODAY - timedelta(days=9)
        session.add_all([Finding(**row, reason="First reason.", found_at=made_at), opinion])
        return Drawn(held, opinion.id, audit.id)


def _audit(session: Session, cycle: AssessmentCycle, agency: Agency, first: UUID) -> Audit:
    audit = Audit(
        association=OURS,
        id=uuid4(),
        cycle=cycle.id,
        agency=agency.id,
        evidence="document",
        auditor=first,
        assigned_by=first,
        assigned_at=members.TODAY,
        due_on=date(2026, 4, 1),
        visited_on=date(2026, 2, 1),
        closed_at=members.TODAY,
    )
    session.add(audit)
    session.flush()
    return audit


def test_no_byte_of_the_first_finding_is_on_the_page(drawn: Drawn) -> None:
    """Whatever was found, why and by whom: the page of the second auditor is the same."""
    before = drawn.body()
    lists = drawn.held.client("auditor").get(OPINIONS).get_data()
    drawn.change("own-staff", "Another reason altogether.", "Somebody Else")
    assert drawn.body() == before
    assert drawn.held.client("auditor").get(OPINIONS).get_data() == lists
    first = str(drawn.held.accounts["secretariat"])
    for word in ("First reason", "Another reason", "Somebody Else", first, str(drawn.audit)):
        assert word.encode() not in before + lists


def test_it_stays_blind_when_it_was_given_with_a_mistake_and_when_it_is_locked(
    drawn: Drawn,
) -> None:
    wrong = drawn.give(reason="")
    assert wrong.status_code == 422
    assert "Say why" in wrong.text
    assert drawn.give().status_code == 303
    before = drawn.body()
    assert b"can no longer change" in before
    drawn.change("own-staff", "Another reason altogether.", "Somebody Else")
    assert drawn.body() == before
    assert b"<textarea" not in before
    assert drawn.give("registered").status_code == 409


def test_the_lead_compares_and_settles(drawn: Drawn) -> None:
    path = f"{drawn.path}difference"
    waiting = page(drawn.held, "lead_auditor", path)
    assert "First reason" not in waiting
    drawn.give()
    both = page(drawn.held, "lead_auditor", path)
    assert "First reason." in both
    assert "Seen at the desk." in both
    assert "Compare and settle" in page(drawn.held, "lead_auditor", f"{OPINIONS}differences")
    seen = settlements.token(drawn.finding())
    wrong = post(drawn.held, "lead_auditor", path, choice="", because="Clear.", seen=seen)
    assert wrong.status_code == 422
    assert ">Clear.</textarea>" in wrong.text
    said = {"choice": "second", "because": "The register is clear.", "seen": seen}
    assert post(drawn.held, "lead_auditor", path, **said).status_code == 303
    assert drawn.finding().found == "own-staff"
    assert "Different: settled" in page(drawn.held, "lead_auditor", f"{OPINIONS}differences")


def test_only_who_can_be_asked_is_in_the_list(drawn: Drawn) -> None:
    form = page(drawn.held, "lead_auditor", f"{drawn.path}ask")
    assert str(drawn.held.accounts["auditor"]) in form
    for who in ("secretariat", "lead_auditor", "case_officer"):
        assert f'value="{drawn.held.accounts[who]}"' not in form
    wrong = post(drawn.held, "lead_auditor", f"{drawn.path}ask", auditor="nobody")
    assert wrong.status_code == 422
