"""The demonstration's open cycle: audits, complaints and register, one of every state.

All of it goes through the use cases, as if people had worked at their desks since the cycle opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from rankings import demo_verification_cases, demo_verification_register, demo_verification_visits
from rankings.demo_verification_desk import Desk, Draw
from rankings.demo_verification_stories import STORIES, receipt
from rankings.settings import Settings
from rankings.usecases import self_assessments
from rankings.usecases.journal import OPERATOR
from rankings.usecases.self_assessments import Change

# The serial numbers of agencies that submitted, so that auditors have claims to check; the last
# one claims far more than was found a year ago, and nobody has visited it.
SUBMITTED = (2, 3, 4, 5, 6, 7, 14)
# The stories of which the command prints the receipt.
TOLD = ("asked", "answered_question")


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A worker's receipt and how far that case is."""

    digits: str
    story: str


def add(session: Session, settings: Settings, draw: Draw) -> None:
    """What people of one association did from September to November."""
    desk = Desk.of(session, draw)
    for number, serial in enumerate(SUBMITTED):
        _submit(desk, serial, number)
    demo_verification_register.add(desk)
    demo_verification_visits.add(desk)
    demo_verification_cases.add(desk, settings)


def receipts() -> list[ReceiptLine]:
    """The receipts that the command prints, in groups of four digits."""
    told: Sequence[str] = [one for one in STORIES if one in TOLD]
    return [ReceiptLine(grouped(receipt(one)), one.replace("_", " ")) for one in told]


def grouped(digits: str) -> str:
    """Sixteen digits as they are read out."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _submit(desk: Desk, serial: int, number: int) -> None:
    """The agency answers as it did a year ago, and submits."""
    agency = desk.agency(serial)
    act = desk.act(OPERATOR, 9, 21 + number)
    before = self_assessments.before(desk.session, desk.cycle, agency.id)
    none = self_assessments.token(None)
    changes = [Change(code, one.value, "", none) for code, one in sorted(before.items())]
    self_assessments.save_answers(desk.session, desk.cycle, agency, changes, act)
    self_assessments.submit(desk.session, desk.cycle, agency, act)
