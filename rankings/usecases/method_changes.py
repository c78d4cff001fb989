"""Changing the rules: no cycle by another version of a code before a report says what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, desc, select

from rankings.errors import Conflict, NotFound
from rankings.models import AssessmentCycle, MethodReport, RankingEdition, Rubric
from rankings.scoring.source import RubricSource, read
from rankings.usecases import journal, rubrics
from rankings.usecases.edition_parts import Part
from rankings.usecases.method_counts import BRIDGE, changed_places, movers
from rankings.usecases.method_movement import Past, report, tried, with_split

NO_REPORT = "The last edition is by another version of the code: make the method report first."
STALE = "Another edition has been published since, or the version's text is another one: try again."
SAME = "The last edition is by this very version: nothing changes."

Published = tuple[RankingEdition, AssessmentCycle]


def newest(session: Session, association: str) -> Published | None:
    """The edition that was published last, and its cycle."""
    found: Published | None = session.exec(
        select(RankingEdition, AssessmentCycle)
        .join(AssessmentCycle, col(AssessmentCycle.id) == RankingEdition.cycle)
        .where(
            RankingEdition.association == association,
            AssessmentCycle.association == association,
        )
        .order_by(
            desc(RankingEdition.published_at),
            desc(RankingEdition.as_of),
            desc(RankingEdition.number),
        )
        .limit(1)
    ).first()
    return found


def needed(session: Session, association: str, code: str, version: str) -> bool:
    """Whether the last edition is by another version and no report leads from it to this one.

    Between two codes of conduct there is no such report: their questions are not the same.
    """
    last = newest(session, association)
    if last is None or last[1].rubric_code != code or _is_by(last[1], code, version):
        return False
    return session.get(MethodReport, (association, code, version, last[0].id)) is None


def refuse_without_report(session: Session, association: str, code: str, version: str) -> None:
    """Conflict where a report is needed before this version may be used."""
    if needed(session, association, code, version):
        raise Conflict(NO_REPORT)


def _is_by(cycle: AssessmentCycle, code: str, version: str) -> bool:
    return (cycle.rubric_code, cycle.rubric_version) == (code, version)


def make(
    session: Session,
    association: str,
    code: str,
    version: str,
    edition: RankingEdition,
    old_parts: Callable[[str], Part],
    act: journal.Act,
) -> MethodReport:
    """Score the agencies of an edition by another stored version, and keep the report.

    `old_parts` reads the parts of the edition's signed file. NotFound where there is no such
    version, Conflict where the edition is not the last one or is by this very version.
    """
    row = rubrics.find(session, association, code, version)
    source = RubricSource(row.document, row.labels)
    past = Past(edition.number, edition.digest, old_parts)
    return keep(session, association, report(past, tried(read(source), source)), act)


def keep(
    session: Session, association: str, body: Mapping[str, Any], act: journal.Act
) -> MethodReport:
    """Keep a report that was made beforehand; the same one again changes nothing.

    Conflict where it is not about the last edition and a stored version as it stands.
    """
    code, version = body[BRIDGE]["code"], body[BRIDGE]["version"]
    last = newest(session, association)
    if last is None:
        raise NotFound("Nothing has been published yet.")
    edition, cycle = last
    row = rubrics.find(session, association, code, version)
    if edition.digest != body["edition"]["digest"] or row.digest != body[BRIDGE]["sha256"]:
        raise Conflict(STALE)
    if _is_by(cycle, code, version):
        raise Conflict(SAME)
    known = session.get(MethodReport, (association, code, version, edition.id))
    if known is not None and known.body == body:
        return known
    kept = known or MethodReport(
        association=association,
        rubric_code=code,
        rubric_version=version,
        edition=edition.id,
        body={},
        made_by=act.who,
        made_at=act.now,
    )
    kept.body, kept.made_by, kept.made_at = dict(body), act.who, act.now
    session.add(kept)
    session.flush()
    about = f"{code} {version} {cycle.slug} {edition.number}"
    details = {"edition": edition.digest, **_summary(body)}
    journal.record(session, association, act, "made a method report", about, details)
    return kept


def _summary(body: Mapping[str, Any]) -> dict[str, int]:
    return {
        "agencies": len(body["agencies"]),
        "moved": len(movers(body)),
        "other_bands": changed_places(body),
    }


def of(session: Session, association: str, code: str, version: str) -> MethodReport | None:
    """The report that leads from the last edition to a version, if there is one."""
    last = newest(session, association)
    key = last and (association, code, version, last[0].id)
    return session.get(MethodReport, key) if key else None


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version: the slugs of its cycles, whether the last edition is by it, its report.

    `is_needed`: no cycle can open by it before the report is made.
    """

    rubric: Rubric
    cycles: tuple[str, ...]
    is_last: bool
    report: MethodReport | None
    is_needed: bool


def versions(session: Session, association: str) -> list[Version]:
    """Every stored version, the newest first."""
    rows = session.exec(
        select(Rubric)
        .where(Rubric.association == association)
        .order_by(desc(Rubric.stored_at), Rubric.code, Rubric.version)
    ).all()
    opened = session.exec(
        select(AssessmentCycle)
        .where(AssessmentCycle.association == association)
        .order_by(col(AssessmentCycle.as_of))
    ).all()
    last = newest(session, association)
    found = []
    for row in rows:
        kept = of(session, association, row.code, row.version)
        is_last = last is not None and _is_by(last[1], row.code, row.version)
        used = tuple(one.slug for one in opened if _is_by(one, row.code, row.version))
        is_needed = kept is None and needed(session, association, row.code, row.version)
        found.append(Version(row, used, is_last, kept, is_needed))
    return found


def part(session: Session, cycle: AssessmentCycle, ranking: Part) -> Part | None:
    """The report as it is published with an edition, every movement split in two.

    `ranking` is the edition's own part of that name. Only the first cycle by a version has the
    report, in all of its editions; None for any other.
    """
    if _was_used(session, cycle):
        return None
    found = session.exec(
        select(MethodReport)
        .join(RankingEdition, col(RankingEdition.id) == MethodReport.edition)
        .where(
            MethodReport.association == cycle.association,
            MethodReport.rubric_code == cycle.rubric_code,
            MethodReport.rubric_version == cycle.rubric_version,
            RankingEdition.association == cycle.association,
            RankingEdition.cycle != cycle.id,
            RankingEdition.as_of < cycle.as_of,
        )
        .order_by(desc(RankingEdition.published_at), desc(RankingEdition.number))
        .limit(1)
    ).first()
    return with_split(found.body, ranking) if found else None


def _was_used(session: Session, cycle: AssessmentCycle) -> bool:
    """Whether an earlier cycle by the same version has been published."""
    earlier = (
        select(RankingEdition.id)
        .join(AssessmentCycle, col(AssessmentCycle.id) == RankingEdition.cycle)
        .where(
            RankingEdition.association == cycle.association,
            AssessmentCycle.association == cycle.association,
            AssessmentCycle.rubric_code == cycle.rubric_code,
            AssessmentCycle.rubric_version == cycle.rubric_version,
            RankingEdition.as_of < cycle.as_of,
        )
    )
    return session.exec(earlier).first() is not None
