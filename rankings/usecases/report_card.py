"""The association's own report card: how it does its work, in every edition.

One half follows from the edition's own parts and can be computed again by anybody; the other half
is what the association states of its own work, as of the cut-off day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, select

from rankings.models import AssessmentCycle, Association, Complaint, Dispute, RankingEdition
from rankings.scoring.evidence import months_after
from rankings.scoring.exact import fraction_text, rounded_units
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Level
from rankings.scoring.score import RATED
from rankings.usecases import associations, calendar, complaints
from rankings.usecases.edition_parts import Part
from rankings.usecases.joins import same
from rankings.usecases.licences import VALID

MONTHS = 12
# Fewer days than these would tell of single complaints.
LEAST_LISTED = 5
# Editions that are looked back at.
EDITIONS = 8
# What a claim or a finding can stand behind; the rest is what workers say and complain of.
GRADES = ("audit", "document", "self", "none")
UPHELD = ("changed", "withdrawn")
# How both halves are called.
COVERAGE, CHECKED = "coverage", "checked"


@dataclass(slots=True)
class Tally:
    """Adds up what the parts of agencies say, one after the other; then `values`."""

    rubric: Rubric
    _taking_part: set[str] = field(default_factory=set)
    _audited: Fraction = Fraction(0)
    _rated: int = 0
    _found: Fraction = Fraction(0)
    _claimed: Fraction = Fraction(0)

    def agency(self, part: Part) -> None:
        """One agency's part, with its inputs and its receipt."""
        if "state" not in part["inputs"]:
            self._taking_part.add(part["code"])
        if part["receipt"] is not None:
            self._rated += 1
            self._audited += _audited(part["receipt"]["lines"])
        for claim, finding in _pairs(self.rubric, part["inputs"].get("answers", {})):
            self._claimed += claim
            self._found += finding

    def values(self, ranking: Part) -> dict[str, Any]:
        """Coverage of those with a valid licence; shares in tenths of a percent."""
        valid = [one for one in ranking["entries"] if one["licence"]["state"] == VALID]
        return {
            COVERAGE: {
                "licensed": len(valid),
                "taking_part": sum(one["code"] in self._taking_part for one in valid),
                "rated": sum(one["state"] == RATED for one in valid),
            },
            CHECKED: {
                "audited": _tenths(self._audited, Fraction(self._rated)),
                "found_to_claimed": _tenths(self._found, self._claimed),
            },
        }


def part(computed: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an edition: both halves."""
    return {**computed, **stated}


def faults(card: Part, computed: Mapping[str, Any]) -> Iterator[str]:
    """The names in a published card that are not what the edition's parts, or its lists, give."""
    for name, value in computed.items():
        if card.get(name) != value:
            yield name
    for name in ("complaints", "disputes", "appeals"):
        yield from (f"{name}.{wrong}" for wrong in _untrue(card[name]))
    for place, one in enumerate(card["editions"]):
        if one["days_late"] != _days_late(one["planned_on"], one["published_on"]):
            yield f"editions.{place}.days_late"


def stated(session: Session, cycle: AssessmentCycle) -> dict[str, Any]:
    """The other half, as of the cut-off day, so that later acts do not change it.

    Complaints and disputes that were decided in the 12 months to that day; earlier editions with
    how many days late each was, None where no day was planned.
    """
    whose = associations.find(session, cycle.association)
    rows = session.exec(select(Dispute).where(Dispute.association == cycle.association)).all()
    before = [one for one in rows if one.edition is None]
    after = [one for one in rows if one.edition is not None]
    return {
        "complaints": _complaints(session, cycle),
        "disputes": _disputes(before, whose, cycle.as_of),
        "appeals": _disputes(after, whose, cycle.as_of),
        "editions": _editions(session, cycle, whose),
    }


def median(days: Sequence[int]) -> str | None:
    """The middle of sorted days, `n` or `n/2`; None where there are none."""
    if not days:
        return None
    half = len(days) // 2
    return fraction_text(Fraction(days[half] + days[-half - 1], 2))


def _audited(lines: Iterable[Part]) -> Fraction:
    """The share of the weight of questions that a visit has found."""
    shares = [(one["basis"], Fraction(one["share"])) for one in lines if one["basis"] in GRADES]
    whole = sum((share for _basis, share in shares), Fraction(0))
    seen = sum((share for basis, share in shares if basis == "audit"), Fraction(0))
    return seen / whole if whole else Fraction(0)


def _pairs(
    rubric: Rubric, answers: Mapping[str, Sequence[Part]]
) -> Iterator[tuple[Fraction, Fraction]]:
    """Claim and finding of this cycle of each question that has both, in points."""
    for one in rubric.indicators:
        given = answers.get(one.id, ())
        ours = [each for each in given if each.get("this_cycle", True)]
        claims = [each for each in ours if each["grade"] == "self"]
        findings = [each for each in ours if each["grade"] != "self"]
        if isinstance(one.rule, Level) and claims and findings:
            points = {option.id: option.points for option in one.rule.options}
            strongest = max(findings, key=_strength)
            yield points[claims[0]["value"]], points[strongest["value"]]


def _strength(finding: Part) -> tuple[bool, str]:
    return finding["grade"] == "audit", finding.get("given_on") or ""


def _untrue(told: Mapping[str, Any]) -> Iterator[str]:
    """What is not what the list of days gives; a short list of complaints stays unsaid."""
    days, many = told["days"], told["decided"]
    if days is None:
        true = {"days": many < LEAST_LISTED and "upheld" not in told, "decided": True}
    else:
        upheld = told.get("upheld", 0)
        true = {"days": days == sorted(days), "decided": upheld <= many == len(days)}
    true["median_days"] = told["median_days"] == median(days or ())
    yield from (name for name, is_true in true.items() if not is_true)


def _tenths(part: Fraction, whole: Fraction) -> int | None:
    """A share in tenths of a percent, half up; None of nothing."""
    if not whole:
        return None
    share = part / whole
    return rounded_units(share.numerator * 1000, share.denominator, "half_up")


def _within(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of < months_after(day, MONTHS)


def _complaints(session: Session, cycle: AssessmentCycle) -> dict[str, Any]:
    """Complaints that count; days from the day they came in, or the first of that month."""
    rows = session.exec(
        select(Complaint).where(
            Complaint.association == cycle.association, col(Complaint.decided_on).is_not(None)
        )
    )
    days = sorted(
        (one.decided_on - one.received_on).days
        for one in rows
        if one.decided_on and complaints.counts(one) and _within(one.decided_on, cycle.as_of)
    )
    listed = days if len(days) >= LEAST_LISTED else None
    return {"decided": len(days), "days": listed, "median_days": listed and median(listed)}


def _disputes(rows: Iterable[Dispute], whose: Association, as_of: date) -> dict[str, Any]:
    """So many decided, upheld, and past their day without a decision."""
    held = [(one, _day(whose, one.decided_at)) for one in rows]
    decided = [(one, day) for one, day in held if day is not None and _within(day, as_of)]
    late = [day is None or day > as_of for one, day in held if one.due_on < as_of]
    days = sorted((day - associations.day(whose, one.filed_at)).days for one, day in decided)
    return {
        "decided": len(decided),
        "upheld": sum(one.outcome in UPHELD for one, _day_ in decided),
        "overdue": sum(late),
        "days": days,
        "median_days": median(days),
    }


def _day(whose: Association, moment: datetime | None) -> date | None:
    return None if moment is None else associations.day(whose, moment)


def _editions(session: Session, cycle: AssessmentCycle, whose: Association) -> list[dict[str, Any]]:
    """The first editions of earlier cycles, the newest first; a correction has no planned day."""
    found = session.exec(
        select(RankingEdition, AssessmentCycle)
        .join(AssessmentCycle, same(RankingEdition, AssessmentCycle, "cycle"))
        .where(
            RankingEdition.association == cycle.association,
            RankingEdition.number == 1,
            RankingEdition.as_of < cycle.as_of,
        )
        .order_by(col(RankingEdition.as_of).desc(), AssessmentCycle.slug)
        .limit(EDITIONS)
    )
    return [_punctual(session, whose, edition, held) for edition, held in found]


def _punctual(
    session: Session, whose: Association, edition: RankingEdition, cycle: AssessmentCycle
) -> dict[str, Any]:
    published = associations.day(whose, edition.published_at)
    planned = _day(whose, calendar.at(session, cycle.id, whose.id, "publication"))
    planned_on = None if planned is None else planned.isoformat()
    published_on = published.isoformat()
    return {
        "cycle": cycle.slug,
        "planned_on": planned_on,
        "published_on": published_on,
        "days_late": _days_late(planned_on, published_on),
    }


def _days_late(planned: str | None, published: str) -> int | None:
    """Below 0 for an edition that came early; None where no day was planned."""
    if planned is None:
        return None
    return (date.fromisoformat(published) - date.fromisoformat(planned)).days
