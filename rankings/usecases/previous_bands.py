"""The bands of the cycle before, which the buffer needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session, desc, select

from rankings.models import AssessmentCycle, RankingEdition
from rankings.scoring.rubric import Rubric

# Reads an edition's part `ranking`, which lies in its signed file.
RankingOf = Callable[[RankingEdition], Mapping[str, Any]]


def previous_bands(
    session: Session, cycle: AssessmentCycle, rubric: Rubric, ranking_of: RankingOf
) -> dict[str, str]:
    """The last band by points of every agency, from the newest edition of the cycle before."""
    before = edition_before(session, cycle)
    if before is None:
        return {}
    ranking = ranking_of(before)
    if ranking["rubric"]["code"] != cycle.rubric_code:
        # Bands of another code of conduct are no bands here, even where they share a name.
        return {}
    known = {band.id for band in rubric.bands}
    bands = {entry["code"]: entry["points_band"] for entry in ranking["entries"]}
    return {code: band for code, band in bands.items() if band in known}


def edition_before(session: Session, cycle: AssessmentCycle) -> RankingEdition | None:
    """The newest edition of the cycle before; None where there is none."""
    return session.exec(
        select(RankingEdition)
        .where(
            RankingEdition.association == cycle.association,
            RankingEdition.as_of < cycle.as_of,
        )
        .order_by(desc(RankingEdition.as_of), desc(RankingEdition.number))
    ).first()


def corrected_or_before(
    session: Session, cycle: AssessmentCycle, number: int
) -> tuple[str, int] | None:
    """Cycle and number of the edition that one of a number follows; None for the very first."""
    if number > 1:
        return cycle.slug, number - 1
    found = edition_before(session, cycle)
    if found is None:
        return None
    of = session.get_one(AssessmentCycle, (cycle.association, found.cycle))
    return of.slug, found.number
