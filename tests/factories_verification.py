"""Rows of verification and complaints, as `tests/factories.py` has them of everything else."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from rankings.models import (
    Agency,
    AgencyLink,
    Audit,
    ComplaintCase,
    ComplaintItem,
    ComplaintKey,
    CorrectiveAction,
    Declaration,
    FeeSchedule,
    HelpLine,
    InterviewDraw,
    Owner,
    PanelSeat,
    SecondOpinion,
    UploadedFindings,
)
from tests.keys import ACCOUNT, AGENCY, CYCLE, DAY, THEN


def registry(session: Session, whose: str = "alpha") -> Owner:
    """An owner of the agency, another agency that it follows, and a fee."""
    of: dict[str, Any] = {"association": whose, "agency": AGENCY}
    row = Owner(**of, id=UUID(int=1), name="Chị", since=DAY, source="register")
    session.add(row)
    before = Agency(
        association=whose,
        id=UUID(int=7),
        code="VN-00022",
        licensing_authority="DOLAB",
        licence_number="L-0",
        names={"vi": "Ví Dụ Cũ"},
        names_as_given={},
        licensed_on=DAY,
        added_at=THEN,
    )
    session.add(before)
    session.flush()
    session.add(
        AgencyLink(
            **of,
            id=UUID(int=1),
            predecessor=before.id,
            kind="renamed",
            since=DAY,
            reason="the same owners",
            proposed_by=ACCOUNT,
            proposed_at=THEN,
        )
    )
    fee: dict[str, Any] = {"fee": 1, "fee_currency": "USD", "source": "agency"}
    where: dict[str, Any] = {"destination": "JP", "programme": "all", "contract_months": 36}
    session.add(FeeSchedule(**of, **fee, **where, since=DAY, stated_at=THEN))
    session.flush()
    return row


def audit(session: Session, whose: str = "alpha") -> Audit:
    """An audit of the agency with all that belongs to it."""
    of: dict[str, Any] = {"association": whose, "cycle": CYCLE, "agency": AGENCY}
    one: dict[str, Any] = {"id": UUID(int=1), "association": whose}
    row = Audit(
        **of,
        id=UUID(int=1),
        evidence="audit",
        auditor=ACCOUNT,
        assigned_by=ACCOUNT,
        assigned_at=THEN,
        due_on=DAY,
    )
    session.add(row)
    session.flush()
    session.add(SecondOpinion(**one, audit=row.id, indicator="1.1", drawn_at=THEN))
    session.add(
        Declaration(
            **one,
            account=ACCOUNT,
            agency=AGENCY,
            kind="family",
            statement="a cousin",
            since=DAY,
            declared_by=ACCOUNT,
            declared_at=THEN,
        )
    )
    session.flush()
    _around(session, of, one)
    return row


def _around(session: Session, of: dict[str, Any], one: dict[str, Any]) -> None:
    """What belongs to the audits of a cycle."""
    session.add(PanelSeat(**one, cycle=CYCLE, account=ACCOUNT, seat="union", given_at=THEN))
    demand: dict[str, Any] = {"demand": "pay it back", "due_on": DAY, "indicator": "1.1"}
    session.add(
        CorrectiveAction(**of, **demand, id=UUID(int=1), demanded_by=ACCOUNT, demanded_at=THEN)
    )
    held: dict[str, Any] = {"name": "a.xlsx", "sha256": "0" * 64, "changes": {}}
    session.add(UploadedFindings(**one, **held, cycle=CYCLE, uploaded_by=ACCOUNT, uploaded_at=THEN))
    drawn: dict[str, Any] = {"source": "DOLAB", "list_sha256": "0" * 64, "list_size": 1}
    session.add(
        InterviewDraw(**of, **drawn, id=UUID(int=1), drawn={}, drawn_by=ACCOUNT, drawn_at=THEN)
    )
    session.flush()


def case(session: Session, whose: str = "alpha") -> ComplaintCase:
    """A sealed complaint; what it holds is no real seal."""
    one: dict[str, Any] = {"association": whose, "id": UUID(int=1)}
    session.add(ComplaintKey(**one, public_key=b"-", made_at=THEN))
    line: dict[str, Any] = {"names": {"en": "Help"}, "hours": {}, "spoken": ["vi"]}
    session.add(HelpLine(association=whose, place=1, kind="help", number="0", is_free=True, **line))
    session.flush()
    row = ComplaintCase(
        **one,
        key=UUID(int=1),
        wrapped_key=b"-",
        receipt_hash=b"-",
        receipt_key=b"-",
        received_month="2026-01",
        channel="web",
    )
    session.add(row)
    session.flush()
    sealed: dict[str, Any] = {"kind": "report", "month": "2026-01", "sealed": b"-"}
    session.add(ComplaintItem(**one, **sealed, case=row.id, place=1))
    session.flush()
    return row
