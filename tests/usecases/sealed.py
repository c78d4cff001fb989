"""Sealed complaints with a real key, and how they are opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from rankings.adapters import vault
from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import Opened
from rankings.models import ComplaintCase
from rankings.usecases import case_reports, complaint_items, complaint_keys
from tests.usecases import world

REPORT = {"company": "Ví Dụ", "happened": "They kept my passport.", "day": "2026-06-15"}


@dataclass
class Desk:
    """A folder of private keys."""

    folder: Path
    keys: PrivateKeys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = PrivateKeys(self.folder)

    def key(
        self, session: Session, association: str = "alpha", now: datetime = world.OPENED
    ) -> UUID:
        """A key for an association, whose private half is here."""
        key, (private, public) = uuid4(), vault.make()
        self.keys.put(association, key, private)
        complaint_keys.add(session, association, key, public, world.act(now))
        return key

    def case(
        self,
        session: Session,
        report: Mapping[str, Any] = REPORT,
        month: str = "2026-06",
        *,
        association: str = "alpha",
        officer: UUID | None = None,
        channel: str = "web",
    ) -> ComplaintCase:
        """A complaint as it comes in; its receipt was never shown to anybody."""
        receipt = Opened(token_bytes(32), token_bytes(32))
        case = complaint_items.open_case(
            session, association, uuid4(), report, channel, vault, receipt, month
        )
        case.officer = officer
        session.add(case)
        session.flush()
        return case

    def seal(self, case: ComplaintCase) -> complaint_items.Box:
        key = complaint_items.case_key(case, self.keys.unwrap)
        return lambda plain, about: vault.seal(key, plain, about)

    def opener(self) -> case_reports.Opener:
        def key_of(case: ComplaintCase) -> bytes | None:
            return complaint_items.case_key(case, self.keys.unwrap)

        return case_reports.Opener(key_of, vault.unseal)

    def read(self, session: Session, case: ComplaintCase) -> list[dict[str, Any]]:
        """All documents of a case."""
        key = complaint_items.case_key(case, self.keys.unwrap)
        own = complaint_items.own_box(self.keys.unwrap, vault)
        found = complaint_items.read(
            session, case, lambda sealed, about: vault.unseal(key, sealed, about), own
        )
        return [document for _item, document in found]

    def deposit(self, session: Session, case: ComplaintCase, text: str) -> None:
        """An agency's answer."""
        said = {"text": text}
        complaint_items.add_with_own_key(
            session, case, vault, "agency_answer", said, "2026-07", None
        )
