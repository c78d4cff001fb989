"""What an agency's score would be with other answers; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session, select

from rankings.errors import Invalid, Problem
from rankings.models import Agency, AssessmentCycle, RankingEdition
from rankings.scoring.lift import lift_now, values
from rankings.scoring.record import Record
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.source import Code
from rankings.usecases import cycles, records, self_assessments
from rankings.usecases.answers import Questions
from rankings.usecases.edition_parts import RANKING, Edition, Heading, Listed, agency_part
from rankings.usecases.gathering import Known, gathered
from rankings.usecases.incoming import Given, Wrong
from rankings.usecases.previous_bands import RankingOf, previous_bands
from rankings.usecases.what_moved import Change, NextStep, changes, next_steps

# An agency that was licensed after the cut-off day is in no ranking of the cycle.
NOT_LISTED = "not_listed"
# The steps that lift the total most.
STEPS = 3

Claims = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One side of a trial, as an edition would print it: numbers in units of the last decimal.

    Without a rating `state` says why, and the rest is None. `lift` is what would lift it one band.
    """

    state: str
    score: int | None = None
    points: int | None = None
    band: str | None = None
    receipt: Mapping[str, Any] | None = None
    lift: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A score as it stands and with other claims; findings, voices and complaints stay.

    `changes` add up to the difference of the two scores. `steps` start from the tried claims.
    """

    present: Claims
    tried: Claims
    now: Outcome
    then: Outcome
    changes: tuple[Change, ...] = ()
    steps: tuple[NextStep, ...] = ()


class _Claim(NamedTuple):
    indicator: str
    value: str


class _Claimed(NamedTuple):
    submitted_on: date


def try_out(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    answers: Claims,
    ranking_of: RankingOf,
    with_interviews: bool = True,
) -> Trial:
    """Score an agency with other answers laid over those of its self-assessment, draft or not.

    Without interviews it is scored as if no worker had been asked: what changes from day to day
    would tell what one of them said.
    An empty answer takes one away. Invalid names every answer that the rubric does not take.
    """
    code = cycles.code_of(cycle)
    given = self_assessments.answers(session, cycle, agency.id)
    present = {indicator: one.value for indicator, one in given.items()}
    tried = _laid_over(Questions(code), present, answers)
    if agency.licensed_on > cycle.as_of:
        nothing = Outcome(NOT_LISTED)
        return Trial(present, tried, nothing, nothing)
    trying = ready(session, cycle, agency, ranking_of, with_interviews)
    return trying.trial(present, tried)


def ready(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    ranking_of: RankingOf,
    with_interviews: bool = True,
) -> Trying:
    """Everything that is known of an agency, ready to be scored with any claims."""
    code = cycles.code_of(cycle)
    held = self_assessments.of(session, cycle, agency.id)
    before = previous_bands(session, cycle, code.rubric, ranking_of)
    known = gathered(session, cycle, [agency.id])[agency.id]
    return Trying(
        code=code,
        agency=agency,
        known=known if with_interviews else replace(known, interviews=()),
        held=records.Round(code.rubric, cycle, cycles.opened_on(session, cycle), before),
        submitted_on=held.submitted_on if held else None,
    )


@dataclass(frozen=True, slots=True)
class Trying:
    """An agency in a cycle, to be scored with any claims.

    Those of a draft (`submitted_on` is None) count as if they were submitted on the last day.
    """

    code: Code
    agency: Agency
    known: Known
    held: records.Round
    submitted_on: date | None

    def trial(self, present: Claims, tried: Claims) -> Trial:
        """The claims as they stand beside others."""
        scorer, as_of = Scorer(self.code.rubric), self.held.as_of
        one, other = self.record(present), self.record(tried)
        cards = [scorer.score(each, as_of) for each in (one, other)]
        return Trial(
            present=present,
            tried=tried,
            now=self._outcome(one, cards[0], scorer),
            then=self._outcome(other, cards[1], scorer),
            changes=changes(scorer, *cards),
            steps=tuple(next_steps(scorer, other, self._claimed_on, as_of)[:STEPS]),
        )

    @property
    def _claimed_on(self) -> date:
        return self.submitted_on or self.held.as_of

    def record(self, claims: Claims) -> Record:
        """What decides the agency's score if it claims this."""
        returned = claims or self.submitted_on
        known = replace(
            self.known,
            self_assessments=[_Claimed(self._claimed_on)] if returned else [],
            answers=[_Claim(*pair) for pair in sorted(claims.items())],
        )
        return records.record(self.agency, known, self.held)

    def _outcome(self, record: Record, card: Scorecard, scorer: Scorer) -> Outcome:
        """The very parts of an edition in which the agency is alone."""
        identity = records.identity(self.agency, self.known, self.held.as_of)
        # Ranges are among others: alone there are none.
        code = replace(self.code, rubric=replace(self.code.rubric, ranges=None))
        parts = dict(Edition(self._heading(), code).parts([Listed(identity, record)]))
        (entry,) = parts[RANKING]["entries"]
        lifted = lift_now(scorer, record, card, self.held.as_of)
        return Outcome(
            state=card.state,
            score=entry["score"],
            points=entry["points"],
            # Not the entry's: bands by shares would need everybody.
            band=card.band,
            receipt=parts[agency_part(self.agency.code)]["receipt"],
            lift=None if lifted is None else values(scorer.rubric, lifted),
        )

    def _heading(self) -> Heading:
        cycle = self.held.cycle
        about = {"as_of": cycle.as_of.isoformat()}
        return Heading(association={}, cycle=about, source=cycles.source_of(cycle), caps=())


def _laid_over(questions: Questions, present: Claims, answers: Claims) -> dict[str, str]:
    found, problems = dict(present), []
    for indicator, text in answers.items():
        try:
            value = _checked(questions, indicator, text.strip())
        except Wrong as wrong:
            problems.append(Problem(indicator, text, str(wrong)))
            continue
        found.pop(indicator, None)
        if value:
            found[indicator] = value
    if problems:
        raise Invalid(problems)
    return found


def _checked(questions: Questions, indicator: str, text: str) -> str:
    """The answer as it would be stored, empty for none; Wrong."""
    asked = questions.asked.get(indicator)
    if asked is not None and not text:
        return ""
    return questions.answer(Given({"indicator": indicator, "answer": text}, str), "answer")


def is_published(session: Session, cycle: AssessmentCycle) -> bool:
    """Whether the cycle has an edition, so that what workers said in it is public."""
    found = select(RankingEdition.id).where(
        RankingEdition.association == cycle.association, RankingEdition.cycle == cycle.id
    )
    return session.exec(found.limit(1)).first() is not None
