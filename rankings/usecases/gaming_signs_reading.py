"""A cycle's rows as signs of gaming look at them, and who may see which sign."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.models import Agency, AssessmentCycle, Audit, Evidence, SecondOpinion, SelfAssessment
from rankings.scoring.evidence import months_after
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Level
from rankings.scoring.score import Scorer
from rankings.usecases import conflicts, cycles, records
from rankings.usecases.gaming_signs import AUDITOR, OF_AGENCIES, Check, Round, Sign, Watched
from rankings.usecases.gathering import Known, gathered
from rankings.usecases.joins import same

# Complaints and workers of so many months are looked at.
MONTHS = 24
HUNDRED = Fraction(100)

Worth = Callable[[str, str], Fraction | None]


def round_of(session: Session, cycle: AssessmentCycle, closes: datetime) -> Round:
    """What is known of a cycle; drafts and audits that are not closed are nobody's business."""
    rubric = cycles.code_of(cycle).rubric
    scorer, worth = Scorer(rubric), _worth(rubric)
    held = records.Round(rubric, cycle, cycles.opened_on(session, cycle), {})
    licensed = select(Agency).where(
        Agency.association == cycle.association, Agency.licensed_on <= cycle.as_of
    )
    watched: list[Watched] = []
    checks: list[Check] = []
    known = list(session.exec(licensed.order_by(Agency.code)))
    for start in range(0, len(known), records.CHUNK):
        chunk = known[start : start + records.CHUNK]
        rows = gathered(session, cycle, [one.id for one in chunk])
        for agency in chunk:
            card = scorer.score(records.record(agency, rows[agency.id], held), cycle.as_of)
            pairs = _pairs(rows[agency.id], cycle, worth)
            claims = [worth(one.indicator, one.value) for one in rows[agency.id].answers]
            told = _told(claims, pairs) | {"points": card.points}
            watched.append(_watched(agency.code, rows[agency.id], cycle.as_of, told))
            checks += _checks(agency.code, pairs)
    return Round(closes, watched, _files(session, cycle), _cuts(rubric), checks)


def shown(
    session: Session,
    cycle: AssessmentCycle,
    signs: Collection[Sign],
    person: tuple[UUID, bool],
    today: date,
) -> list[Sign]:
    """What a person (an account, and whether it watches over all auditors) may see of the signs.

    Nothing about agencies that it is tied to, nor where it still owes a blind second opinion. What
    is about the whole round is for whoever watches over auditors and owes none; nobody reads about
    themselves.
    """
    account, watches = person
    blind = owed(session, cycle, account)
    hidden = conflicts.tied(session, cycle.association, account, today) | blind
    codes = _codes(session, cycle.association, hidden)
    found = []
    for one in signs:
        if one.kind in OF_AGENCIES:
            found += [] if codes.intersection(one.agencies) else [one]
        elif watches and not blind and (one.kind, one.about) != (AUDITOR, str(account)):
            agencies = tuple(code for code in one.agencies if code not in codes)
            found.append(Sign(one.kind, agencies, one.about, one.numbers, one.chance))
    return found


def owed(session: Session, cycle: AssessmentCycle, account: UUID) -> set[UUID]:
    """The agencies about which the person still has to judge a finding without seeing it."""
    found = (
        select(Audit.agency)
        .join(SecondOpinion, same(SecondOpinion, Audit, "audit"))
        .where(
            Audit.association == cycle.association,
            Audit.cycle == cycle.id,
            Audit.auditor != account,
            SecondOpinion.auditor == account,
            col(SecondOpinion.given_at).is_(None),
        )
    )
    return set(session.exec(found))


def _codes(session: Session, association: str, agencies: Collection[UUID]) -> set[str]:
    found = select(Agency.code).where(
        Agency.association == association, col(Agency.id).in_(agencies)
    )
    return set(session.exec(found))


def _worth(rubric: Rubric) -> Worth:
    """What an answer to a question with options earns, in points of 100; None for all others."""
    points: dict[tuple[str, str], Fraction] = {}
    for one in rubric.indicators:
        if isinstance(one.rule, Level) and one.max:
            for option in one.rule.options:
                points[one.id, option.id] = HUNDRED * option.points / one.max
    return lambda indicator, text: points.get((indicator, text))


Pair = tuple[str, Fraction, Fraction]


def _pairs(known: Known, cycle: AssessmentCycle, worth: Worth) -> list[Pair]:
    """Of each question that was claimed and found in the cycle: by whom, claim and finding."""
    claimed = {one.indicator: worth(one.indicator, one.value) for one in known.answers}
    found = []
    for one in known.findings:
        claim, finding = claimed.get(one.indicator), worth(one.indicator, one.found)
        if one.cycle == cycle.id and claim is not None and finding is not None:
            found.append((one.auditor, claim, finding))
    return found


def _checks(code: str, pairs: Collection[Pair]) -> Iterator[Check]:
    by_auditor: dict[str, list[Pair]] = {}
    for one in pairs:
        by_auditor.setdefault(one[0], []).append(one)
    for auditor, own in sorted(by_auditor.items()):
        claimed = sum((claim for _auditor, claim, _found in own), Fraction(0))
        found = sum((finding for _auditor, _claim, finding in own), Fraction(0))
        yield Check(auditor, code, claimed / len(own), found / len(own))


def _told(claims: Collection[Fraction | None], pairs: Collection[Pair]) -> dict[str, Any]:
    """How high the claims are, and how many of those that were checked were too high."""
    return {
        "claims": sum(one is not None for one in claims),
        "top": sum(one == HUNDRED for one in claims),
        "checked": len(pairs),
        "lower": sum(finding < claim for _auditor, claim, finding in pairs),
    }


def _watched(code: str, known: Known, as_of: date, told: dict[str, Any]) -> Watched:
    asked = _asked(known)
    return Watched(
        code,
        saved=[one.answered_at for one in known.answers if one.answered_at is not None],
        workers=sum(records.workers_sent(known, as_of, MONTHS // 12)),
        complaints=sum(_recent(one.received_on, as_of) for one in known.complaints),
        asked=len(asked),
        unhappy=sum("no" in one.answers.values() for one in asked),
        **told,
    )


def _asked(known: Known) -> list[Any]:
    """The interviews with workers whom the association chose."""
    return [one for one in known.interviews if one.chosen_by == "association"]


def _recent(day: date, as_of: date) -> bool:
    return day <= as_of < months_after(day, MONTHS)


def _files(session: Session, cycle: AssessmentCycle) -> dict[str, list[str]]:
    """Who gave the same bytes as evidence, in this cycle or an earlier one, by their digest."""
    handed = (
        (col(SelfAssessment.association) == Evidence.association)
        & (col(SelfAssessment.cycle) == Evidence.cycle)
        & (col(SelfAssessment.agency) == Evidence.agency)
    )
    found = session.exec(
        select(Evidence.given_sha256, Evidence.cycle, Agency.code)
        .join(Agency, same(Evidence, Agency, "agency"))
        .join(SelfAssessment, handed)
        .where(
            Evidence.association == cycle.association,
            col(SelfAssessment.submitted_on).is_not(None),
        )
        .order_by(Agency.code)
    )
    files: dict[str, list[str]] = {}
    ours = set()
    for digest, of_cycle, code in found:
        files.setdefault(digest, []).append(code)
        ours |= {digest} if of_cycle == cycle.id else set()
    return {digest: codes for digest, codes in files.items() if digest in ours}


def _cuts(rubric: Rubric) -> dict[str, Fraction]:
    """The cuts in points; a rubric that gives bands by shares has none."""
    if rubric.banding.by != "points":
        return {}
    return {one.id: one.cut for one in rubric.bands if one.cut}
