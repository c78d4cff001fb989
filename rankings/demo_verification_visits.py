"""The demonstration's audits, second opinions, corrective actions and interviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rankings.demo_verification_desk import Desk, code
from rankings.models import Audit
from rankings.scoring.rules import Level
from rankings.scoring.source import Code
from rankings.usecases import (
    audit_assignments,
    audit_closing,
    audit_findings,
    audit_reading,
    corrective_actions,
    cycles,
    declarations,
    interview_draws,
    interview_entry,
    interviews,
    panel,
    second_opinions,
    settlements,
)
from rankings.usecases.answers import Questions
from rankings.usecases.audit_findings import Change
from rankings.usecases.corrective_actions import Demand
from rankings.usecases.interview_entry import NO, UNKNOWN, YES, Entry
from rankings.usecases.second_opinions import Pair

AUDITOR, SECOND, LEAD, SECRETARIAT = "auditor", "second_auditor", "lead_auditor", "secretariat"
OWN = 1
# The seat of the union stays empty.
SEATS = (
    (SECRETARIAT, "association"),
    ("regulator", "ministry"),
    ("second_case_officer", "civil_society"),
)
TIED = 7
# Serial numbers by what became of the second opinions.
UNASKED, ASKED, DIFFERENT, SETTLED = 4, 5, 6, 2
REASON = "The papers that were shown do not reach further than this."
INTERVIEWED = 4


@dataclass(frozen=True, slots=True)
class Visit:
    """An audit: of whom, by whom, until when, and on which day of which month it was made."""

    serial: int
    evidence: str
    auditor: str
    due_on: date
    made: tuple[int, int] | None = None
    findings: int = 0
    is_closed: bool = False

    @property
    def method(self) -> str:
        """A visit that was announced, or documents."""
        return "visit_announced" if self.evidence == "audit" else "documents"


WINTER, AUTUMN = date(2027, 1, 31), date(2026, 11, 10)
VISITS = (
    # Not begun; the second one is late, the agency of the third one is close to its auditor.
    Visit(OWN, "document", SECOND, WINTER),
    Visit(3, "document", SECOND, AUTUMN),
    Visit(TIED, "audit", AUDITOR, WINTER),
    Visit(3, "audit", AUDITOR, WINTER, (11, 19), 9),
    Visit(UNASKED, "audit", AUDITOR, WINTER, (10, 27), 12, is_closed=True),
    Visit(ASKED, "audit", AUDITOR, WINTER, (10, 29), 11, is_closed=True),
    Visit(DIFFERENT, "audit", SECOND, WINTER, (10, 20), 8, is_closed=True),
    Visit(SETTLED, "audit", SECOND, WINTER, (10, 13), 10, is_closed=True),
)


def add(desk: Desk) -> None:
    """All that was done about audits until the day of the demonstration."""
    for account, seat in SEATS:
        whose = desk.people[account]
        panel.give(desk.session, desk.cycle, whose, seat, desk.act(SECRETARIAT, 9, 14))
    for visit in VISITS:
        _visit(desk, visit)
    _declare(desk)
    _opinions(desk)
    _actions(desk)
    _interviews(desk)


def _visit(desk: Desk, visit: Visit) -> None:
    plan = audit_assignments.Plan(
        code(visit.serial), visit.evidence, desk.people[visit.auditor], visit.due_on
    )
    audit = audit_assignments.assign(desk.session, desk.cycle, plan, desk.act(LEAD, 10, 1))
    if visit.made is None:
        return
    act = desk.act(visit.auditor, *visit.made)
    audit_closing.set_visit(desk.session, audit, act.now.date(), visit.method, act)
    changes = list(_findings(desk, audit, visit.findings))
    audit_findings.save(desk.session, audit, changes, act)
    if visit.is_closed:
        month, day = visit.made
        audit_closing.close(desk.session, audit, desk.act(visit.auditor, month, day + 1))


def _findings(desk: Desk, audit: Audit, many: int) -> Iterator[Change]:
    """The first questions as the agency says; at every fourth one less was found."""
    none = audit_reading.token(None)
    claims, questions = audit_reading.claims(desk.session, audit), Questions(_code(desk))
    asked = [one.id for one in _code(desk).rubric.indicators if one.id in claims]
    for place, indicator in enumerate(asked[:many], 1):
        claim = claims[indicator]
        found = _lower(desk, indicator, claim.value) if place % 4 == 0 else claim.value
        has_reason = audit_reading.needs_reason(questions, indicator, found, claim)
        yield Change(indicator, found, REASON if has_reason else "", none)


def _code(desk: Desk) -> Code:
    return cycles.code_of(desk.cycle)


def _lower(desk: Desk, indicator: str, said: str) -> str:
    """The option below; of the lowest one, and of numbers, the same."""
    options = _options(desk, indicator)
    return options[max(options.index(said) - 1, 0)] if said in options else said


def _options(desk: Desk, indicator: str) -> list[str]:
    rules = {one.id: one.rule for one in _code(desk).rubric.indicators}
    rule = rules[indicator]
    return [one.id for one in rule.options] if isinstance(rule, Level) else []


def _declare(desk: Desk) -> None:
    """A tie that was declared after the audit had been assigned: it has to be given away."""
    act = desk.act(AUDITOR, 11, 20)
    tie = declarations.Tie(
        desk.people[AUDITOR], code(TIED), "family", "A relative has begun to work there.", _DAY
    )
    declarations.declare(desk.session, desk.association, tie, act)


_DAY = date(2026, 11, 19)


def _opinions(desk: Desk) -> None:
    """Not asked yet; asked; given and different; different and settled."""
    for pair in _pairs(desk, ASKED):
        second_opinions.assign(desk.session, pair, desk.people[SECOND], "", desk.act(LEAD, 11, 2))
    for pair in [*_pairs(desk, DIFFERENT), *_pairs(desk, SETTLED)]:
        second_opinions.assign(desk.session, pair, desk.people[AUDITOR], "", desk.act(LEAD, 11, 2))
        found = _other(desk, pair)
        act = desk.act(AUDITOR, 11, 12)
        second_opinions.give(desk.session, pair, found, REASON, act)
    for pair in _pairs(desk, SETTLED):
        said = settlements.Settlement(
            settlements.TAKE,
            "The register of the ministry says the same as the second opinion.",
            settlements.token(pair.finding),
        )
        settlements.settle(desk.session, pair, said, desk.act(LEAD, 11, 18))


def _pairs(desk: Desk, serial: int) -> list[Pair]:
    wanted = code(serial)
    return [one for one in second_opinions.pairs(desk.session, desk.cycle) if _is(one, wanted)]


def _is(pair: Pair, wanted: str) -> bool:
    return pair.agency.code == wanted


def _other(desk: Desk, pair: Pair) -> str:
    """Another option than was found first, the lower one if there is one."""
    first = pair.finding.found if pair.finding else ""
    lower = _lower(desk, pair.opinion.indicator, first)
    others = [one for one in _options(desk, pair.opinion.indicator) if one != first]
    return lower if lower != first or not others else others[0]


def _actions(desk: Desk) -> None:
    """Due, overdue and reported by the agency of the demonstration's accounts; one closed."""
    own, other = desk.agency(OWN), desk.agency(SETTLED)
    demanded = (
        (own, "2.1", "Repay what was charged above the legal limit.", date(2026, 12, 20)),
        (own, "4.2", "Take pregnancy tests out of the list of papers.", date(2026, 11, 5)),
        (own, "7.1", "Give workers a number that is answered at night.", date(2026, 12, 1)),
        (other, "1.3", "Keep the files of workers locked.", date(2026, 11, 30)),
    )
    made = [
        corrective_actions.demand(
            desk.session, desk.cycle, agency, Demand(indicator, text, day), desk.act(LEAD, 10, 15)
        )
        for agency, indicator, text, day in demanded
    ]
    reported, closed = (desk.cycle, own, made[2]), (desk.cycle, other, made[3])
    corrective_actions.report(
        desk.session,
        reported,
        "A number for day and night is on each contract since 10 November.",
        corrective_actions.token(made[2]),
        desk.act("agency_member", 11, 13),
    )
    corrective_actions.close(
        desk.session,
        closed,
        "Locked cabinets were seen on a second visit.",
        corrective_actions.token(made[3]),
        desk.act(LEAD, 11, 9),
    )


def _interviews(desk: Desk) -> None:
    """A draw from an invented list of workers sent, six interviews, and one named by the agency."""
    agency, act = desk.agency(INTERVIEWED), desk.act(AUDITOR, 11, 3)
    before = interview_draws.of(desk.session, desk.cycle, agency.id)
    wish = interview_draws.Wish("Example list of workers sent", "12", interview_draws.token(before))
    drawn = interview_draws.draw(desk.session, desk.cycle, agency, list(_listed()), wish, act)
    called = [(one.number, one.state) for one in interview_draws.of_draw(drawn)[:6]]
    asked = interviews.items(_code(desk).rubric)
    for place, (number, state) in enumerate([*called, ("CT-01", "returned")]):
        act = desk.act(AUDITOR, 11, 9 + place)
        said = {item: _said(place, at) for at, item in enumerate(asked)}
        entry = Entry(
            number,
            state,
            act.now.date().isoformat(),
            said,
            agreed=True,
            alone=True,
            by_agency=place == len(called),
        )
        interview_entry.enter(desk.session, desk.cycle, agency, entry, act)


def _listed() -> Iterator[interview_draws.Worker]:
    for number in range(1, 41):
        state = interview_draws.STATES[number % 3]
        yield interview_draws.Worker(f"DL-{number:03}", state, ("HU", "RO")[number % 2])


def _said(place: int, item: int) -> str:
    """Most say yes."""
    return {4: NO, 6: UNKNOWN}.get((place * 3 + item) % 7, YES)
