"""What a worker does without an account: sends a complaint, comes back, answers, withdraws.

Nothing here leaves an entry in the journal: it would tell when somebody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, func, select

from rankings.errors import Conflict
from rankings.models import ComplaintCase, ComplaintItem
from rankings.scoring.evidence import months_after
from rankings.usecases import complaint_items
from rankings.usecases.complaint_items import Box, Receipt, Vault, about, open_case

__all__ = ["open_case"]

TOPICS = (
    *("fees", "wages", "misrepresentation", "deployment_delay", "contract_substitution"),
    *("documents_withheld", "compensation", "stranded", "missing_person", "forced_labour", "other"),
)
MAY_COUNT = ("yes", "no", "later")
AUDIENCES = ("association", "ministry", "union")
# By the worker, in one case.
MAX_FILES = 5
MAX_FILE_BYTES = 5_000_000
# Months after the end of a case until its receipt finds nothing any more.
KEPT_MONTHS = 12
SENT_BEFORE = "This page was sent before, with other words."
CLOSED = "This case is closed."
FULL = "There are as many papers as can be taken."


@dataclass(frozen=True, slots=True)
class Said:
    """One question of the association, or one answer of the worker."""

    is_question: bool
    text: str


def receive(
    session: Session,
    association: str,
    case: UUID,
    report: Mapping[str, Any],
    vault: Vault,
    receipt: Receipt,
    month: str,
) -> ComplaintCase:
    """Take in what was sent by the public form; sent twice, it is one case.

    Conflict where the case is there with another report, or where the association has no key.
    """
    known = session.get(ComplaintCase, {"association": association, "id": case})
    if known is None:
        return open_case(session, association, case, report, "web", vault, receipt, month)
    unseal = unsealing(known, vault, open_key(known, vault, receipt))
    found = complaint_items.read(session, known, unseal, kinds=("report",))
    if [_said(document) for _item, document in found] != [_said(report)]:
        raise Conflict(SENT_BEFORE)
    return known


def find(session: Session, association: str, lookup: bytes, today: date) -> ComplaintCase | None:
    """The case of a receipt; None where there is none, or none any more."""
    case = session.exec(
        select(ComplaintCase).where(
            ComplaintCase.association == association, ComplaintCase.receipt_hash == lookup
        )
    ).first()
    return None if case is None or _is_over(case, today) else case


def standing(session: Session, case: ComplaintCase) -> ComplaintCase:
    """The case that is worked on: of cases that were merged the last one."""
    seen = {case.id}
    while case.merged_into is not None and case.merged_into not in seen:
        seen.add(case.merged_into)
        key = {"association": case.association, "id": case.merged_into}
        case = session.get_one(ComplaintCase, key)
    return case


def open_key(case: ComplaintCase, vault: Vault, receipt: Receipt) -> bytes:
    """The case's own key, by the worker's receipt."""
    return vault.unlock(receipt.key, case.receipt_key, about(case.association, case.id))


def unsealing(case: ComplaintCase, vault: Vault, key: bytes) -> Box:
    """Opens the things of a case."""
    return lambda sealed, name: vault.unseal(key, sealed, name)


def talk(session: Session, case: ComplaintCase, unseal: Box) -> list[Said]:
    """What was asked and answered, for the worker; never notes, never the agency's words."""
    found = complaint_items.read(session, case, unseal, kinds=("question", "message"))
    return [Said(item.kind == "question", str(said["text"])) for item, said in found]


def reply(
    session: Session, case: ComplaintCase, seal: Box, text: str, month: str, item: UUID
) -> None:
    """The worker's words; a case that waited for them is checked again. Conflict once closed.

    Of what is sent twice under one `item` the first is kept.
    """
    _refuse_closed(session, case)
    complaint_items.add(session, case, seal, "message", {"text": text}, month, None, item)
    if case.status == "asked":
        case.status = "checking"
        session.flush()


def add_file(
    session: Session,
    case: ComplaintCase,
    seal: Box,
    document: Mapping[str, Any],
    month: str,
    item: UUID,
) -> None:
    """A paper of the worker: `name`, `media_type`, `sha256` and `body` (base64).

    Conflict where the case is closed or holds MAX_FILES papers.
    """
    _refuse_closed(session, case)
    known = session.get(ComplaintItem, {"association": case.association, "id": item})
    if known is None and files(session, case) >= MAX_FILES:
        raise Conflict(FULL)
    complaint_items.add(session, case, seal, "file", document, month, None, item)


def files(session: Session, case: ComplaintCase) -> int:
    """How many papers the case holds."""
    found = select(func.count()).where(
        ComplaintItem.association == case.association,
        ComplaintItem.case == case.id,
        ComplaintItem.kind == "file",
    )
    return session.exec(found).one()


def withdraw(session: Session, case: ComplaintCase) -> None:
    """The worker, who has the receipt, no longer wants it followed up. Conflict once closed."""
    if case.is_withdrawn:
        return
    _refuse_closed(session, case)
    case.is_withdrawn = True
    session.flush()


def _refuse_closed(session: Session, case: ComplaintCase) -> None:
    if standing(session, case).status == "closed":
        raise Conflict(CLOSED)


def _is_over(case: ComplaintCase, today: date) -> bool:
    return case.closed_on is not None and months_after(case.closed_on, KEPT_MONTHS) <= today


def _said(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report without the day on which it was sent."""
    return {name: value for name, value in report.items() if name != "day"}
