"""A register for tests: agencies by number, people who change it, what an edition would hold."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, select

from rankings.canonical import canonical
from rankings.errors import Invalid
from rankings.models import AgencyLink, AssessmentCycle, JournalEntry
from rankings.usecases import agency_codes, agency_links, cycles, journal, records
from rankings.usecases.agency_links import APPROVE, Proposal
from rankings.usecases.edition_parts import Edition, Heading
from tests.usecases import persons, world

SINCE = date(2026, 2, 1)


def code(number: int) -> str:
    """The public code of the n-th agency; its licence is `L-n`."""
    return agency_codes.code("VN", number)


def agencies(session: Session, cycle: AssessmentCycle, many: int = 2, **more: Any) -> None:
    """So many agencies."""
    rows = [
        world.agency(**({"licence_number": f"L-{n}", "name_vi": (f"Ví Dụ {n}", None)} | more))
        for n in range(1, many + 1)
    ]
    world.register(session, cycle, *rows)


def someone(session: Session, name: str) -> journal.Act:
    """What a person does now."""
    return journal.Act(str(persons.person(session, name).id), world.NOW)


def proposal(number: int, **more: str) -> Proposal:
    """The n-th agency as a predecessor."""
    usual = {"kind": "renamed", "since": SINCE.isoformat(), "reason": "the same owners"}
    return Proposal(**({"predecessor": code(number)} | usual | more))


def link(
    session: Session, number: int, before: int, acts: Mapping[str, journal.Act], **more: str
) -> AgencyLink:
    """The n-th agency follows another one, approved by a second person."""
    row = proposed(session, number, before, acts, **more)
    decided(session, row, acts["second"])
    return row


def proposed(
    session: Session, number: int, before: int, acts: Mapping[str, journal.Act], **more: str
) -> AgencyLink:
    """The same, not decided yet."""
    agency_links.propose(session, "alpha", code(number), proposal(before, **more), acts["first"])
    newest = agency_links.listing(session, "alpha")
    return next(
        one.link
        for one in newest
        if (one.agency.code, one.predecessor.code) == (code(number), code(before))
    )


def decided(session: Session, row: AgencyLink, act: journal.Act, decision: str = APPROVE) -> bool:
    """A decision about what is proposed now."""
    seen = agency_links.token(row)
    return agency_links.decide(session, "alpha", row.id, decision, seen, act)


def two_people(session: Session) -> dict[str, journal.Act]:
    return {name: someone(session, name) for name in ("first", "second")}


def parts(session: Session, cycle: AssessmentCycle) -> dict[str, bytes]:
    """The parts of an edition as it would be published now."""
    about = {"slug": cycle.slug, "name": cycle.name, "as_of": cycle.as_of.isoformat()}
    heading = Heading(
        association={"code": "alpha", "name": "alpha", "country": "VN"},
        cycle=about,
        source=cycles.source_of(cycle),
        caps=(),
    )
    made = Edition(heading, cycles.code_of(cycle))
    listed = records.listed(session, cycle, made.scorer.rubric, {})
    return {name: canonical(dict(part)) for name, part in made.parts(listed)}


def entries(session: Session) -> dict[str, int]:
    """What the journal of the association says, and how often."""
    found = select(JournalEntry.action).where(JournalEntry.association == "alpha")
    return dict(Counter(session.exec(found)))


def faults(refusal: Invalid) -> dict[str, str]:
    """What is wrong, by place."""
    return {one.place: one.remedy for one in refusal.problems}
