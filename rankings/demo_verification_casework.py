"""What officers, workers and agencies of the demonstration do to complaints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session

from rankings.adapters import vault
from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import Opened
from rankings.demo_verification_desk import Desk
from rankings.demo_verification_stories import OWN, Story
from rankings.models import ComplaintCase
from rankings.usecases import (
    case_classification,
    case_decisions,
    case_entry,
    case_hearing,
    case_talk,
    cases,
    complaint_intake,
    complaint_items,
)
from rankings.usecases.case_classification import Classification
from rankings.usecases.case_rules import Decision

OFFICER, SECOND, SECRETARIAT = "case_officer", "second_case_officer", "secretariat"
MEMBER = "agency_member"


@dataclass(frozen=True, slots=True)
class Casework:
    """What officers, workers and agencies do to the cases; `found` are those that came in."""

    desk: Desk
    keys: PrivateKeys
    opened: Mapping[str, Opened]
    found: dict[str, UUID] = field(default_factory=dict)

    def come_in(self, name: str, story: Story) -> None:
        """By the form, or taken down by an officer."""
        said = story.said(self._company(story))
        if story.channel != "web":
            act = self.desk.act(OFFICER, *story.came)
            taken = case_entry.Taken(story.channel, said)
            held = case_entry.enter(*self._whose, taken, vault, self.opened[name], act)
        else:
            month, day = story.came
            sent = {"language": story.language, "day": date(2026, month, day).isoformat()}
            held = complaint_intake.receive(
                *(*self._whose, self.desk.key(), said | sent),
                *(vault, self.opened[name], f"2026-{month:02}"),
            )
        self.found[name] = held.id

    def read(self, name: str, who: str, month: int, day: int) -> None:
        """Take a case and look at it for the first time."""
        act = self.desk.act(who, month, day)
        if self._case(name).officer is None:
            cases.take(*self._of(name), act)
        cases.note_reading(*self._of(name), "first_look", act)

    def classify(
        self, name: str, given: Classification, month: int, day: int, who: str = OFFICER
    ) -> None:
        """Read it and say what it is, on one day."""
        self.read(name, who, month, day)
        act = self.desk.act(who, month, day, 3)
        case_classification.classify(*self._of(name), given, act)

    def release(self, name: str, text: str, month: int, day: int) -> None:
        """A summary for the agency, from the next month on."""
        case_hearing.release(*self._of(name), text, self.desk.act(OFFICER, month, day, 4))

    def ask(self, name: str, text: str, month: int, day: int, who: str = OFFICER) -> None:
        """A question to the worker."""
        act = self.desk.act(who, month, day, 4)
        case_talk.ask(*self._of(name), text, self._sealing(name), act)

    def note(self, name: str, text: str, month: int, day: int) -> None:
        """A note of the officer."""
        act = self.desk.act(OFFICER, month, day, 4)
        case_talk.note(*self._of(name), text, self._sealing(name), act)

    def reply(self, name: str, text: str, month: str) -> None:
        """The worker comes back with the receipt and answers."""
        case = self._case(name)
        key = complaint_intake.open_key(case, vault, self.opened[name])

        def seal(plain: bytes, at: str) -> bytes:
            return vault.seal(key, plain, at)

        complaint_intake.reply(self.desk.session, case, seal, text, month, self.desk.key())

    def withdraw(self, name: str) -> None:
        """The worker, with the receipt, takes it back."""
        complaint_intake.withdraw(self.desk.session, self._case(name))

    def answer(self, name: str, text: str, month: int, day: int) -> None:
        """The agency of the demonstration's accounts answers."""
        act = self.desk.act(MEMBER, month, day)

        def deposit(session: Session, case: ComplaintCase, said: str) -> None:
            complaint_items.add_with_own_key(
                *(session, case, vault, "agency_answer", {"text": said}),
                *(f"{act.now:%Y-%m}", act.account),
            )

        agency = self.desk.agency(OWN)
        case_hearing.answer(self.desk.session, agency, self.found[name], text, deposit, act)

    def decide(self, name: str, decision: Decision, month: int, day: int) -> None:
        """An officer decides by the rules."""
        case_decisions.decide(*self._of(name), decision, self.desk.act(OFFICER, month, day))

    def merge(self, name: str, into: str, month: int, day: int) -> None:
        """The same worker wrote twice."""
        act = self.desk.act(OFFICER, month, day, 5)
        case_decisions.merge(*self._of(name), self.found[into], case_decisions.SAME, act)

    def assign(self, name: str, who: str, month: int, day: int) -> None:
        """The secretariat gives a case to somebody."""
        act = self.desk.act(SECRETARIAT, month, day)
        cases.assign(*self._of(name), self.desk.people[who], act)

    @property
    def _whose(self) -> tuple[Session, str]:
        return self.desk.session, self.desk.association

    def _of(self, name: str) -> tuple[Session, str, UUID]:
        return (*self._whose, self.found[name])

    def _case(self, name: str) -> ComplaintCase:
        return cases.find(*self._of(name))

    def _company(self, story: Story) -> str:
        """As it stands on the sign of its office."""
        about = story.about
        return about if isinstance(about, str) else self.desk.agency(about).names["vi"]

    def _sealing(self, name: str) -> complaint_items.Box:
        key = complaint_items.case_key(self._case(name), self.keys.unwrap)
        return lambda plain, at: vault.seal(key, plain, at)
