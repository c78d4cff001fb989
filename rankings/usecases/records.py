"""The bridge from rows to the score: who is listed, and what decides each one's score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlmodel import Session, select

from rankings.models import Agency, AssessmentCycle
from rankings.scoring.bands import cap_ceiling
from rankings.scoring.conditions import Fact
from rankings.scoring.evidence import months_after
from rankings.scoring.record import (
    DISPUTED,
    NOT_APPLICABLE,
    Answer,
    Asked,
    CapEvent,
    Count,
    Events,
    Record,
)
from rankings.scoring.rubric import Cap, Rubric
from rankings.scoring.rules import Indicator, Proportion, Rate
from rankings.scoring.score import INSUFFICIENT
from rankings.usecases import answers, complaints, cycles, licences
from rankings.usecases.edition_parts import Listed
from rankings.usecases.gathering import Known, gathered
from rankings.usecases.registry import quarter_end

# Agencies whose rows are in memory at a time.
CHUNK = 500
MAIN_DESTINATION = "main_destination"
# 24 months.
LAST_STEPS = 2
NOT_PARTICIPATING = "not_participating"
YEAR = 12
STRENGTH = {"document": 0, "audit": 1}


@dataclass(frozen=True, slots=True)
class Round:
    """What is the same for all agencies of a cycle; previous bands are by agency code."""

    rubric: Rubric
    cycle: AssessmentCycle
    opened_on: date
    previous_bands: Mapping[str, str]

    @property
    def as_of(self) -> date:
        return self.cycle.as_of


def listed(
    session: Session, cycle: AssessmentCycle, rubric: Rubric, previous_bands: Mapping[str, str]
) -> Iterator[Listed]:
    """Every agency that was licensed by the cut-off day, in the order of codes."""
    licensed = select(Agency).where(
        Agency.association == cycle.association, Agency.licensed_on <= cycle.as_of
    )
    agencies = session.exec(licensed.order_by(Agency.code)).all()
    held = Round(rubric, cycle, cycles.opened_on(session, cycle), previous_bands)
    for start in range(0, len(agencies), CHUNK):
        chunk = agencies[start : start + CHUNK]
        known = gathered(session, cycle, [one.id for one in chunk])
        for agency in chunk:
            yield Listed(
                identity(agency, known[agency.id], cycle.as_of),
                record(agency, known[agency.id], held),
            )


def identity(agency: Agency, known: Known, day: date) -> dict[str, Any]:
    """Who an agency is, as its licence stood on a day."""
    return {
        "code": agency.code,
        "names": agency.names,
        "former_names": [
            {"names": one.names, "until": one.until.isoformat()} for one in known.former_names
        ],
        "licence": licences.licence(agency, known.licence_states, day),
    }


def record(agency: Agency, known: Known, held: Round) -> Record:
    """Everything that decides an agency's score in a cycle."""
    exposure = [Fraction(units) for units in workers_sent(known, held.as_of, steps(held.rubric))]
    signed = agency.code_signed_on is not None and agency.code_signed_on <= held.opened_on
    return Record(
        id=agency.code,
        answers=_answers(known, held),
        interviews=_interviews(known, held.rubric),
        events=_events(known, held, exposure),
        marks=_marks(known, held),
        facts=_facts(agency, known, held, exposure),
        caps=_caps(known, held),
        state=None if signed else _not_taking_part(held.rubric),
        previous_band=held.previous_bands.get(agency.code),
        interviewed=_interviewed(known, held.rubric),
    )


def _not_taking_part(rubric: Rubric) -> str:
    declared = {state.id for state in rubric.states}
    return NOT_PARTICIPATING if NOT_PARTICIPATING in declared else INSUFFICIENT


def _answers(known: Known, held: Round) -> dict[str, list[Answer]]:
    """Claims and findings per indicator; what the rubric does not know (any more) is left out."""
    asked = {one.id: one for one in held.rubric.indicators}
    submitted = known.self_assessments[0].submitted_on if known.self_assessments else None
    found: dict[str, list[Answer]] = {}
    for one in known.answers:
        _add(found, asked.get(one.indicator), one.value, ("self", submitted, None, True))
    for one in known.findings:
        if one.found_on <= held.as_of:
            this_cycle = one.cycle == held.cycle.id
            dated = (one.evidence, one.found_on, one.expires_on, this_cycle)
            _add(found, asked.get(one.indicator), one.found, dated)
    return found


def _add(
    found: dict[str, list[Answer]], indicator: Indicator | None, text: str, dated: tuple[Any, ...]
) -> None:
    if indicator is None or text == NOT_APPLICABLE:
        return
    value = answers.value(indicator, text)
    if value is not None:
        found.setdefault(indicator.id, []).append(Answer(value, *dated))


def _marks(known: Known, held: Round) -> dict[str, str]:
    """What does not apply, as the strongest finding of the cycle says, and what is disputed."""
    marks: dict[str, str] = {}
    ours = [one for one in known.findings if one.cycle == held.cycle.id]
    allowed = {one.id for one in held.rubric.indicators if one.not_applicable}
    for one in sorted(ours, key=lambda one: (STRENGTH[one.evidence], one.found_on)):
        marks.pop(one.indicator, None)
        if one.found == NOT_APPLICABLE and one.indicator in allowed:
            marks[one.indicator] = NOT_APPLICABLE
    return marks | {one.indicator: DISPUTED for one in ours if _disputed(one)}


def _disputed(one: Any) -> bool:
    return one.disputed_on is not None and one.decided_on is None


def _interviews(known: Known, rubric: Rubric) -> dict[str, Asked]:
    """Good answers of those asked; workers whom the agency chose carry no weight."""
    found = {}
    for indicator in rubric.indicators:
        if isinstance(indicator.rule, Proportion):
            said = [
                one.answers[indicator.id]
                for one in known.interviews
                if one.chosen_by == "association" and indicator.id in one.answers
            ]
            # So few would be recognised: neither counted nor kept.
            if said and len(said) >= indicator.rule.min_respondents:
                found[indicator.id] = Asked(said.count("yes"), len(said))
    return found


def _interviewed(known: Known, rubric: Rubric) -> int:
    rules = [one.rule for one in rubric.indicators if isinstance(one.rule, Proportion)]
    asked = sum(one.chosen_by == "association" for one in known.interviews)
    return asked if asked >= max((rule.min_respondents for rule in rules), default=0) else 0


def steps(rubric: Rubric) -> int:
    """How many 12-month steps the rubric looks back, and at least two for the agency's size."""
    rules = [one.rule for one in rubric.indicators if isinstance(one.rule, Rate)]
    return max([2, *(len(rule.steps) for rule in rules)])


def step_of(day: date, as_of: date, count: int) -> int | None:
    """The 12-month step before `as_of` in which a day lies, 0 the newest; None outside."""
    if day > as_of:
        return None
    ends = (step for step in range(count) if months_after(day, YEAR * (step + 1)) > as_of)
    return next(ends, None)


def workers_sent(known: Known, as_of: date, count: int) -> list[int]:
    """Workers per 12-month step; a quarter belongs where its last day lies."""
    sent = [0] * count
    for one in known.deployments:
        step = step_of(quarter_end(one.quarter), as_of, count)
        if step is not None:
            sent[step] += one.workers
    return sent


def _events(known: Known, held: Round, exposure: list[Fraction]) -> dict[str, Events]:
    rates = {one.id: one.rule for one in held.rubric.indicators if isinstance(one.rule, Rate)}
    return {
        code: Events(_counts(known, held, rule), exposure[: len(rule.steps)])
        for code, rule in rates.items()
    }


def _counts(known: Known, held: Round, rule: Rate) -> list[Count]:
    """Counted complaints per severity, outcome and step, where the rubric weighs these."""
    found: Counter[tuple[str, str, int]] = Counter()
    for one in known.complaints:
        step = step_of(one.decided_on, held.as_of, len(rule.steps)) if one.decided_on else None
        if step is not None and complaints.counts(one):
            found[one.severity, one.outcome, step] += 1
    return [
        Count(
            Fraction(number),
            severity if rule.severity else None,
            outcome if rule.outcome else None,
            step,
        )
        for (severity, outcome, step), number in sorted(found.items())
    ]


def _facts(agency: Agency, known: Known, held: Round, exposure: list[Fraction]) -> dict[str, Fact]:
    """The facts that a rubric may ask for; `docs/rubric.md` names them."""
    state = licences.licence(agency, known.licence_states, held.as_of)["state"]
    facts: dict[str, Fact] = {
        "months_licensed": Fraction(licences.months_between(agency.licensed_on, held.as_of)),
        "workers_24_months": exposure[0] + exposure[1],
        "licence": str(state),
        "returned": "yes" if known.self_assessments else "no",
    }
    asked = {one.id: one.type for one in held.rubric.fields}
    if asked.get(MAIN_DESTINATION) == "text":
        facts |= _main_destination(known, held.as_of)
    return {name: fact for name, fact in facts.items() if name in asked}


def _main_destination(known: Known, as_of: date) -> dict[str, Fact]:
    """Where most workers of the last 24 months were sent, by ISO code; of equal ones the first."""
    sent: Counter[str] = Counter()
    for one in known.deployments:
        if step_of(quarter_end(one.quarter), as_of, LAST_STEPS) is not None:
            sent[one.destination] += one.workers
    found = [(-workers, code) for code, workers in sent.items() if workers]
    return {MAIN_DESTINATION: min(found)[1]} if found else {}


def _caps(known: Known, held: Round) -> dict[str, CapEvent]:
    found = {cap.id: _event(cap, known, held) for cap in held.rubric.caps if cap.findings}
    return {code: event for code, event in found.items() if event is not None}


def _event(cap: Cap, known: Known, held: Round) -> CapEvent | None:
    """Of several findings behind a cap the one that limits most on the day, then the newest."""
    events = [
        CapEvent(one.found_on, one.put_right_on)
        for one in known.serious_findings
        if one.code in cap.findings and not _disputed(one) and one.withdrawn_on is None
    ]

    def limits(event: CapEvent) -> tuple[int, date]:
        place = cap_ceiling(held.rubric, cap, event, held.as_of)
        return -1 if place is None else place, event.found_on or date.min

    return max(events, key=limits, default=None)
