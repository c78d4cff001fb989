"""Candidates: an edition to be, scored anew as often as wanted, void as soon as it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, desc, func, select

from rankings import __version__
from rankings.canonical import canonical, digest
from rankings.errors import Conflict, NotFound
from rankings.models import (
    Approval,
    AssessmentCycle,
    Candidate,
    CandidateBody,
    Hearing,
    RankingEdition,
)
from rankings.scoring.fees import FeeCap
from rankings.usecases import (
    associations,
    cycles,
    fee_cap_tables,
    fee_cap_values,
    hearings,
    journal,
    messages,
    records,
    report_card,
    rubrics,
    stated_parts,
)
from rankings.usecases.edition_parts import AGENCIES, RANKING, Edition, Heading, Listed
from rankings.usecases.press import PartOf, Press, Tools
from rankings.usecases.previous_bands import previous_bands

FORMAT = "rankings-edition/1"
# The sentences.
NO_CANDIDATE = "There is no candidate: it has not been scored yet."
NO_CORRECTION = "There is an edition already: a correction begins with its hearing and says why."


@dataclass(frozen=True, slots=True)
class Scored:
    """What scoring gave: the candidate that stands, and whether this very run made it."""

    candidate: Candidate
    is_new: bool


def score(session: Session, cycle: AssessmentCycle, tools: Tools, act: journal.Act) -> Scored:
    """Score a cycle's next edition; one that differs from the candidate before makes that void.

    Conflict where an edition is published and no correction was begun.
    """
    number = next_number(session, cycle)
    hearing = hearings.of(session, cycle, number)
    if number > 1 and hearing is None:
        raise Conflict(NO_CORRECTION)
    tools.said("reading the cycle")
    edition = Edition(heading(session, cycle, tools.caps), cycles.code_of(cycle))
    listed = _listed(session, cycle, hearing, edition, tools.part_of)
    tools.said("scoring the agencies")
    tools.press.start(edition.code)
    _print(session, cycle, edition, listed, tools.press)
    tools.said("making the files")
    contents = _contents(cycle, number, hearing, edition) | dict(tools.press.finish())
    before = current(session, cycle)
    if before is not None and before.digest == digest(canonical(contents)):
        return Scored(before, is_new=False)
    if before is not None:
        _void(session, cycle, before, changes(before.contents, contents), act)
    return Scored(_store(session, cycle, contents, tools.press, act), is_new=True)


def current(session: Session, cycle: AssessmentCycle) -> Candidate | None:
    """The candidate of the cycle's next edition; None where none stands."""
    found = select(Candidate).where(
        Candidate.association == cycle.association,
        Candidate.cycle == cycle.id,
        Candidate.number == next_number(session, cycle),
        col(Candidate.void_since).is_(None),
    )
    return session.exec(found.order_by(desc(Candidate.scored_at))).first()


def find(session: Session, cycle: AssessmentCycle) -> Candidate:
    """The candidate that stands; NotFound where none does."""
    found = current(session, cycle)
    if found is None:
        raise NotFound(NO_CANDIDATE)
    return found


def former(session: Session, cycle: AssessmentCycle) -> list[Candidate]:
    """The candidates that were void, the last one first."""
    found = select(Candidate).where(
        Candidate.association == cycle.association,
        Candidate.cycle == cycle.id,
        col(Candidate.void_since).is_not(None),
    )
    return list(session.exec(found.order_by(desc(Candidate.void_since))))


def body(session: Session, candidate: Candidate) -> bytes:
    """The candidate's file; NotFound for one that was void."""
    found = session.get(CandidateBody, (candidate.association, candidate.id))
    if found is None:
        raise NotFound(NO_CANDIDATE)
    return found.body


def next_number(session: Session, cycle: AssessmentCycle) -> int:
    """The number that the cycle's next edition has."""
    numbers = select(func.max(RankingEdition.number)).where(
        RankingEdition.association == cycle.association, RankingEdition.cycle == cycle.id
    )
    return (session.exec(numbers).one() or 0) + 1


def open_hearing(
    session: Session,
    cycle: AssessmentCycle,
    reason: str | None,
    part_of: PartOf,
    act: journal.Act,
) -> Hearing:
    """Open the hearing before the next edition, from what the rows say now; see `hearings`."""
    number = next_number(session, cycle)
    rubric = cycles.code_of(cycle).rubric
    known = _parts_before(session, cycle, number, part_of)
    before = previous_bands(session, cycle, rubric, lambda one: part_of(one, RANKING))
    listed = records.listed(session, cycle, rubric, before)
    return hearings.open_hearing(session, cycle, number, reason, listed, known, act)


def send_back(
    session: Session, cycle: AssessmentCycle, candidate: Candidate, because: str, act: journal.Act
) -> None:
    """Make a candidate void for a reason that the preparer reads."""
    _void(session, cycle, candidate, {"because": because}, act)


def heading(session: Session, cycle: AssessmentCycle, shipped: Sequence[FeeCap]) -> Heading:
    """What an edition of the cycle is about."""
    association = associations.find(session, cycle.association)
    caps = fee_cap_tables.in_force(session, cycle.association, shipped)
    return Heading(
        association={
            "code": association.id,
            "name": association.name,
            "country": association.country,
        },
        cycle={"slug": cycle.slug, "name": cycle.name, "as_of": cycle.as_of.isoformat()},
        source=cycles.source_of(cycle),
        caps=fee_cap_values.in_force(caps, association.country, cycle.as_of),
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The parts by name that differ between two candidates, and what else does."""
    old, new = before["parts"], after["parts"]
    parts = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    kept = ("reason", "engine", "rubric", "cycle", "association")
    return {"parts": parts, "heads": [key for key in kept if before.get(key) != after.get(key)]}


def _print(
    session: Session,
    cycle: AssessmentCycle,
    edition: Edition,
    listed: Iterable[Listed],
    press: Press,
) -> None:
    """Every part in its place: what follows from the inputs, then what is stated beside it."""
    tally, ranking = report_card.Tally(edition.scorer.rubric), {}
    for name, part in edition.parts(listed):
        press.add(name, part)
        if name.startswith(AGENCIES):
            tally.agency(part)
        elif name == RANKING:
            ranking = dict(part)
    for name, part in stated_parts.of(session, cycle, ranking, tally.values(ranking)):
        press.add(name, part)


def _listed(
    session: Session,
    cycle: AssessmentCycle,
    hearing: Hearing | None,
    edition: Edition,
    part_of: PartOf,
) -> Iterable[Listed]:
    rubric = edition.scorer.rubric
    before = previous_bands(session, cycle, rubric, lambda one: part_of(one, RANKING))
    live = records.listed(session, cycle, rubric, before)
    return live if hearing is None else hearings.listed(session, cycle, hearing, live, rubric)


def _parts_before(
    session: Session, cycle: AssessmentCycle, number: int, part_of: PartOf
) -> dict[str, Mapping[str, Any]]:
    """The agencies' parts of the edition before in the cycle, by code."""
    edition = session.exec(
        select(RankingEdition).where(
            RankingEdition.association == cycle.association,
            RankingEdition.cycle == cycle.id,
            RankingEdition.number == number - 1,
        )
    ).first()
    if edition is None:
        return {}
    codes = [one["code"] for one in part_of(edition, RANKING)["entries"]]
    return {code: part_of(edition, f"agencies/{code}") for code in codes}


def _contents(
    cycle: AssessmentCycle, number: int, hearing: Hearing | None, edition: Edition
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "association": dict(edition.heading.association),
        "cycle": dict(edition.heading.cycle),
        "number": number,
        "reason": hearing.reason if hearing else None,
        "rubric": {
            "code": cycle.rubric_code,
            "version": cycle.rubric_version,
            "sha256": rubrics.digest(edition.heading.source),
        },
        "inputs": edition.inputs,
        "engine": f"rankings {__version__}",
    }


def _store(
    session: Session,
    cycle: AssessmentCycle,
    contents: Mapping[str, Any],
    press: Press,
    act: journal.Act,
) -> Candidate:
    made = Candidate(
        association=cycle.association,
        id=UUID(bytes=act.draw(16), version=4),
        cycle=cycle.id,
        number=contents["number"],
        reason=contents["reason"],
        digest=digest(canonical(contents)),
        contents=dict(contents),
        scored_at=act.now,
        scored_by=act.who,
    )
    session.add(made)
    session.flush()
    packed = press.draft(contents)
    session.add(CandidateBody(association=cycle.association, candidate=made.id, body=packed))
    session.flush()
    about, told = f"{cycle.slug} {made.number}", {"digest": made.digest}
    journal.record(session, cycle.association, act, "scored a candidate", about, told)
    return made


def _void(
    session: Session,
    cycle: AssessmentCycle,
    candidate: Candidate,
    because: Mapping[str, Any],
    act: journal.Act,
) -> None:
    candidate.void_since, candidate.void_because = act.now, dict(because)
    session.add(candidate)
    held = session.get(CandidateBody, (candidate.association, candidate.id))
    if held is not None:
        session.delete(held)
    session.flush()
    about, told = f"{cycle.slug} {candidate.number}", {"digest": candidate.digest, **because}
    journal.record(session, cycle.association, act, "made a candidate void", about, told)
    _tell(session, cycle, candidate, act)


def _tell(session: Session, cycle: AssessmentCycle, candidate: Candidate, act: journal.Act) -> None:
    """Whoever stood for a candidate hears that it is void."""
    stood = select(Approval.account).where(
        Approval.association == candidate.association, Approval.candidate == candidate.id
    )
    values = {"cycle": cycle.slug, "number": str(candidate.number)}
    for account in session.exec(stood).all():
        to = (session, candidate.association, account, f"void {candidate.digest}")
        messages.write(*to, "candidate_void", values, act)
