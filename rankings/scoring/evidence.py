"""Which answer counts and what it earns: grades, their ageing, and claims that proved too high."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rankings.scoring.exact import wilson_lower
from rankings.scoring.record import Answer, Record, RecordError
from rankings.scoring.rubric import GRADES, Evidence, Overclaim, Rubric
from rankings.scoring.rules import Level

NONE = "none"
STRENGTH = {grade: len(GRADES) - at for at, grade in enumerate(GRADES)} | {NONE: 0}
ONE, ZERO = Fraction(1), Fraction(0)


@dataclass(frozen=True, eq=False, slots=True)
class Credit:
    """What each grade earns; compared by identity, so that it can key a cache cheaply."""

    earns: Mapping[str, Fraction]
    confidence: Mapping[str, Fraction]

    def __getitem__(self, grade: str) -> Fraction:
        """The credit of a grade; RecordError for one that the rubric does not use."""
        if grade not in self.earns:
            raise RecordError(f"evidence of grade {grade!r} is not used by this rubric")
        return self.earns[grade]

    def sure(self, grade: str) -> Fraction:
        """The confidence of a grade, 0 to 1."""
        return self.confidence.get(grade, ONE)


def credits_of(evidence: Evidence) -> tuple[Credit, Credit]:
    """The usual credit, and the one after over-claiming."""
    confidence = {**evidence.confidence, NONE: ZERO}
    usual = Credit({**evidence.credit, NONE: ZERO}, confidence)
    if evidence.overclaim is None:
        return usual, usual
    return usual, Credit({**usual.earns, "self": evidence.overclaim.credit_self}, confidence)


def strongest(given: Sequence[Answer], evidence: Evidence, as_of: date) -> tuple[str, Answer]:
    """The answer of the strongest grade as of a day; of two of equal grade the newest."""
    best, grade, strength = given[0], NONE, -1
    for answer in given:
        dated = answer.given_on is not None or answer.expires_on is not None
        now = grade_on(answer, evidence, as_of) if dated else answer.grade
        stronger = STRENGTH.get(now, 0) - strength
        if stronger > 0 or (stronger == 0 and newer(answer, best)):
            best, grade, strength = answer, now, STRENGTH.get(now, 0)
    return grade, best


def newer(one: Answer, other: Answer) -> bool:
    """Whether an answer is dated later than another; undated ones are the oldest."""
    return (one.given_on or date.min) > (other.given_on or date.min)


def grade_on(answer: Answer, evidence: Evidence, as_of: date) -> str:
    """The grade of an answer on a day, after ageing; each rule of the rubric applies in turn."""
    grade = answer.grade
    if grade not in STRENGTH:
        raise RecordError(f"{grade!r} is not a grade of evidence")
    for rule in evidence.ageing:
        if rule.grade != grade:
            continue
        if rule.months is None:
            over = answer.expires_on is not None and answer.expires_on < as_of
        else:
            over = (
                answer.given_on is not None and months_after(answer.given_on, rule.months) < as_of
            )
        grade = rule.becomes if over else grade
    return grade


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    for shorter in range(4):
        try:
            return date(year, month + 1, day.day - shorter)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def overclaims(rubric: Rubric, record: Record) -> bool:
    """Whether too many of this cycle's checked claims were at least one option too high.

    At least `min_found` over-claims, and the lower Wilson bound of their share above `rate_above`.
    """
    rule = rubric.evidence.overclaim
    if rule is None or all(len(given) < 2 for given in record.answers.values()):
        return False
    return _too_many(rule, *checked_claims(rubric, record))


def checked_claims(rubric: Rubric, record: Record) -> tuple[int, int]:
    """How many claims a finding of this cycle showed to be too high, of how many it checked."""
    checked = [found for found in _checked(rubric, record) if found is not None]
    return sum(checked), len(checked)


def newest(given: Iterable[Answer]) -> Answer | None:
    """The answer that is dated last; None where there is none."""
    return max(given, key=lambda one: one.given_on or date.min, default=None)


def strongest_finding(given: Iterable[Answer]) -> Answer | None:
    """Of what was found in this cycle that of the strongest grade, then the newest."""
    found = (one for one in given if one.grade != "self" and one.this_cycle)
    return max(found, key=lambda one: (STRENGTH[one.grade], one.given_on or date.min), default=None)


def _too_many(rule: Overclaim, found: int, checked: int) -> bool:
    return found >= rule.min_found and wilson_lower(found, checked, rule.z) > rule.rate_above


def _checked(rubric: Rubric, record: Record) -> list[bool | None]:
    return [
        _too_high(indicator.rule, record.answers.get(indicator.id, ()))
        for indicator in rubric.indicators
        if isinstance(indicator.rule, Level) and indicator.id not in record.marks
    ]


def _too_high(rule: Level, given: Sequence[Answer]) -> bool | None:
    """Whether the newest claim is above the strongest finding of this cycle; None if unchecked."""
    claim = newest(answer for answer in given if answer.grade == "self")
    finding = strongest_finding(given)
    if claim is None or finding is None:
        return None
    order = {option.id: at for at, option in enumerate(rule.options)}
    if claim.value not in order or finding.value not in order:
        return None
    return order[str(claim.value)] > order[str(finding.value)]
