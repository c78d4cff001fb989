"""Complaints that nobody has decided move no byte of an edition, however many there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.models import Account, Complaint, ComplaintCase
from rankings.usecases import agency_codes, case_classification, case_hearing, journal
from tests.usecases import persons, sealed, world
from tests.usecases.case_office import GIVEN
from tests.usecases.desk import Desk, desk, unpacked

MANY, FEW, OTHERS = 500, 5, 20


def parts(alpha: Desk, hours: int) -> dict[str, bytes]:
    """What an edition says, without its own heading."""
    found = unpacked(alpha.body(alpha.publish(hours=hours)))
    return {name: body for name, body in found.items() if name.startswith("parts/")}


def fake(alpha: Desk, folder: Path) -> str:
    """500 on the first agency, 5 on each of 20 others; the number that would come next.

    The first one on each is classified and told; the others are rows like it.
    """
    vault = sealed.Desk(folder / "complaint-keys")
    with db.transaction(alpha.engine) as session:
        officer: Account = persons.person(session, "officer")
        act = journal.Act(str(officer.id), world.NOW, alpha.draw)
        vault.key(session)
        for number in range(1, OTHERS + 2):
            case = vault.case(session, officer=officer.id)
            given = replace(GIVEN, agency=agency_codes.code("VN", number), severity="serious")
            case_classification.classify(session, "alpha", case.id, given, act)
            case_hearing.release(session, "alpha", case.id, "They say so.", act)
            repeat(session, case, (MANY if number == 1 else FEW) - 1)
        return case_classification.next_number(session, "alpha", 2026)


def repeat(session: Session, case: ComplaintCase, many: int) -> None:
    """So many cases more of the same kind."""
    line = session.get_one(Complaint, {"association": "alpha", "number": case.number})
    year, _, first = line.number.partition("-")
    numbers = [f"{year}-{int(first) + n:04}" for n in range(1, many + 1)]
    session.add_all(Complaint(**line.model_dump() | {"number": one}) for one in numbers)
    session.flush()
    for one in numbers:
        own = {"id": uuid4(), "number": one, "receipt_hash": token_bytes(32)}
        session.add(ComplaintCase(**case.model_dump() | own))
    session.flush()


def test_six_hundred_undecided_complaints_move_nothing(engine: Engine, tmp_path: Path) -> None:
    alpha = desk(engine, tmp_path / "alpha")
    agencies = [world.agency(licence_number=f"L-{n}") for n in range(1, OTHERS + 2)]
    alpha.take([("agencies", row) for row in agencies])
    alpha.take([("deployments", row) for row in world.deployments(("2026-Q2", 100))])
    alpha.take([("complaints", world.complaint("1"))])
    before = parts(alpha, 0)
    assert fake(alpha, tmp_path) == "2026-0601"
    assert parts(alpha, 1) == before
