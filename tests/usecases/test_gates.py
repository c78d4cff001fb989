"""The gates before a publication: each of them green, and red or amber for its own reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db, publishing
from rankings.adapters.draft import Draft
from rankings.canonical import canonical
from rankings.models import (
    AssessmentCycle,
    AssociationSettings,
    Audit,
    ComplaintCase,
    ComplaintKey,
    Dispute,
    HearingNotice,
    RankingEdition,
    Reply,
    SecondOpinion,
)
from rankings.usecases import candidates, cycles, gates
from rankings.usecases.gates import AMBER, GREEN, RED, Gate
from rankings.usecases.registry import LANGUAGES
from tests.usecases import world
from tests.usecases.releases import Release, release
from tests.web import small

SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
# Nobody sits on the panel here, and the example's rubric has no words in any language.
USUAL = {"panel": AMBER, "languages": AMBER}


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> Release:
    made = release(engine, tmp_path)
    made.heard()
    return made


def states(alpha: Release) -> dict[str, str]:
    return {name: one.state for name, one in alpha.gates().items() if one.state != GREEN}


def settle(alpha: Release, **values: Any) -> None:
    def work(session: Session, _cycle: AssessmentCycle) -> None:
        held = session.get_one(AssociationSettings, "alpha")
        for name, value in values.items():
            setattr(held, name, value)
        session.add(held)

    alpha.do(work)


def test_all_are_green_but_two_that_only_warn(alpha: Release) -> None:
    assert states(alpha) == USUAL
    assert list(alpha.gates()) == [
        *("hearing", "replies", "disputes", "second_opinions", "method_report", "panel"),
        *("complaints", "coverage", "over_claims", "languages", "sizes", "recompute"),
    ]


@SQLITE
def test_a_candidate_that_prints_only_bands_is_to_be_looked_at(
    engine: Engine, tmp_path: Path
) -> None:
    made, act = small.prepared(engine, tmp_path), world.act(small.after(1))
    order = publishing.Order(small.CODE, "2026")
    found = publishing.score(engine, made.settings, order, act)
    with db.reading(engine) as session:
        cycle = cycles.find(session, small.CODE, "2026")
        every = publishing.all_gates(session, made.settings, cycle, found, act)
    assert Gate("sensitivity", AMBER, {"places": "bands"}) in every


@SQLITE
def test_without_a_hearing_it_is_red(engine: Engine, tmp_path: Path) -> None:
    made = release(engine, tmp_path)
    made.score()
    assert states(made) == USUAL | {"hearing": RED}
    assert made.gates()["hearing"].values == {"opened": False}


@SQLITE
def test_too_few_rated_are_red_and_just_enough_are_not(alpha: Release) -> None:
    found = alpha.gates()["coverage"].values
    assert (found["rated"], found["of"]) == (1, 3)
    settle(alpha, least_rated_percent=33)
    assert states(alpha) == USUAL
    settle(alpha, least_rated_percent=34)
    assert states(alpha) == USUAL | {"coverage": RED}


@SQLITE
def test_claims_that_were_too_high_are_red_beyond_the_limit(engine: Engine, tmp_path: Path) -> None:
    made = release(engine, tmp_path)
    claims = [world.answer("i1", "4"), world.answer("i4", "2")]
    made.desk.take([("self-assessments", one) for one in claims])
    made.heard()
    found = made.gates()["over_claims"].values
    assert (found["too_high"], found["checked"]) == (1, 2)
    settle(made, most_over_claims_percent=50)
    assert states(made) == USUAL
    settle(made, most_over_claims_percent=49)
    assert states(made) == USUAL | {"over_claims": RED}


def reply(alpha: Release, session: Session) -> None:
    held = session.exec(select(HearingNotice)).first()
    assert held is not None
    key = {name: getattr(held, name) for name in ("association", "cycle", "number", "agency")}
    said: dict[str, Any] = {"text": "We disagree.", "language": "en", "written_at": alpha.now}
    session.add(Reply(**key, **said, written_by=alpha.people["writer"]))


def dispute(alpha: Release, session: Session, due_on: date) -> None:
    held = session.exec(select(HearingNotice)).first()
    assert held is not None
    key = {name: getattr(held, name) for name in ("association", "cycle", "number", "agency")}
    said: dict[str, Any] = {"kind": "finding", "subject": "i1", "statement": "No."}
    said |= {"found_on": due_on, "filed_at": alpha.now, "due_on": due_on}
    session.add(Dispute(**key, **said, id=uuid4(), filed_by=alpha.people["writer"]))


def opinion(alpha: Release, session: Session) -> None:
    held = session.exec(select(HearingNotice)).first()
    assert held is not None
    key = {name: getattr(held, name) for name in ("association", "cycle", "agency")}
    who = alpha.people["lead"]
    assigned: dict[str, Any] = {"evidence": "audit", "auditor": who, "assigned_by": who}
    assigned |= {"assigned_at": alpha.now, "due_on": alpha.now.date(), "closed_at": alpha.now}
    audit = Audit(**key, **assigned, id=uuid4(), visited_on=alpha.now.date())
    session.add(audit)
    session.flush()
    drawn: dict[str, Any] = {"association": "alpha", "audit": audit.id, "indicator": "i1"}
    session.add(SecondOpinion(**drawn, id=uuid4(), drawn_at=alpha.now))


YESTERDAY, TOMORROW = timedelta(days=-1), timedelta(days=1)
WAITING: Mapping[str, tuple[Callable[[Release, Session], None], str, Mapping[str, int]]] = {
    "replies": (reply, RED, {"number": 1}),
    "second_opinions": (opinion, RED, {"number": 1}),
}


@pytest.mark.parametrize("name", WAITING)
def test_what_people_have_not_done_yet_is_red(alpha: Release, name: str) -> None:
    add, state, values = WAITING[name]
    alpha.do(lambda session, _: add(alpha, session))
    found = alpha.gates()[name]
    assert (found.state, found.values) == (state, values)


@pytest.mark.parametrize(("due", "late"), [(TOMORROW, 0), (YESTERDAY, 1)])
@SQLITE
def test_an_undecided_dispute_warns_and_does_not_block(
    alpha: Release, due: timedelta, late: int
) -> None:
    day = alpha.now.date() + due
    alpha.do(lambda session, _: dispute(alpha, session, day))
    found = alpha.gates()["disputes"]
    assert (found.state, found.values) == (AMBER, {"number": 1, "overdue": late})


@SQLITE
def test_a_change_of_the_inputs_is_found_when_it_is_computed_again(
    alpha: Release, tmp_path: Path
) -> None:
    found = alpha.ask(candidates.find)
    file = tmp_path / "draft.zip"
    file.write_bytes(alpha.ask(lambda session, _: candidates.body(session, found)))
    draft = Draft(file, found.digest)
    assert gates.recomputed(draft) == []
    assert gates.recomputed(Bent(draft)) == ["ranking"]


class Bent:
    """A candidate whose ranking says something else than its inputs give."""

    def __init__(self, draft: Draft) -> None:
        self.manifest, self.draft = draft.manifest, draft

    def part(self, name: str) -> dict[str, Any]:
        return self.draft.part(name)

    def part_body(self, name: str) -> bytes:
        if name != "ranking":
            return self.draft.part_body(name)
        part = self.part(name)
        part["entries"][0]["score"] += 1
        return canonical(part)


def test_files_that_are_too_large_are_red() -> None:
    def size(workbook: int, agencies: int, whole: int = 1) -> str:
        parts = {f"agencies/{n}": {"size": 1} for n in range(agencies)} | {"x": {"size": whole}}
        files = {gates.WORKBOOK: {"size": workbook}}
        return gates._sizes({"parts": parts, "files": files}).state

    assert size(gates.WORKBOOK_BYTES, gates.AGENCIES_IN_WORKBOOK) == GREEN
    assert size(gates.WORKBOOK_BYTES + 1, gates.AGENCIES_IN_WORKBOOK) == RED
    assert size(gates.WORKBOOK_BYTES + 1, gates.AGENCIES_IN_WORKBOOK + 1) == GREEN
    assert size(1, 1, gates.MOST_BYTES) == RED


def test_a_language_that_lacks_is_red_where_there_are_others() -> None:
    source = world.source()
    one = dataclasses.replace(source, labels={"en": "-"})
    every = dataclasses.replace(source, labels=dict.fromkeys(LANGUAGES, "-"))
    found = [gates._languages(held).state for held in (source, one, every)]
    assert found == [AMBER, RED, GREEN]


@SQLITE
def test_another_version_without_its_report_is_red(alpha: Release) -> None:
    def work(session: Session, cycle: AssessmentCycle) -> None:
        other = {"id": uuid4(), "slug": "2025", "name": "2025", "rubric_version": "0.9.0"}
        before = AssessmentCycle(**(cycle.model_dump() | other))
        session.add(before)
        session.flush()
        of: dict[str, Any] = {"association": "alpha", "cycle": before.id, "as_of": cycle.as_of}
        made: dict[str, Any] = {"id": uuid4(), "number": 1, "digest": "0" * 64}
        session.add(RankingEdition(**of, **made, published_at=alpha.now))

    alpha.do(work)
    assert states(alpha) == USUAL | {"method_report": RED}


@SQLITE
def test_a_complaint_past_its_day_is_amber(alpha: Release) -> None:
    def work(session: Session, _cycle: AssessmentCycle) -> None:
        of: dict[str, Any] = {"association": "alpha", "id": uuid4()}
        session.add(ComplaintKey(**of, public_key=b"-", made_at=alpha.now))
        session.flush()
        sealed: dict[str, Any] = {"wrapped_key": b"-", "receipt_hash": b"-", "receipt_key": b"-"}
        came: dict[str, Any] = {"received_month": "2026-01", "channel": "web"}
        session.add(ComplaintCase(**of, key=of["id"], **sealed, **came))

    alpha.do(work)
    assert states(alpha) == USUAL | {"complaints": AMBER}
    assert alpha.gates()["complaints"].values == {"number": 1}
