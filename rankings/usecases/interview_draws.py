"""Draws of workers to interview: by chance from a deployment list, and never drawn away again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.canonical import canonical
from rankings.errors import Conflict, NotAllowed
from rankings.models import Agency, AssessmentCycle, InterviewDraw
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Proportion
from rankings.usecases import conflicts, cycles, journal, self_assessments
from rankings.usecases.incoming import Given, Intake
from rankings.usecases.typed import Typed

STATES = ("abroad", "returned", "before_departure")
# In one draw; the second one adds to it.
MOST = 200
MAX_SOURCE = 60
CYCLE_CLOSED = "The cut-off day of this cycle has passed: nobody is drawn or asked any more."
DRAWN_MEANWHILE = "Somebody else has drawn workers of this agency in the meantime."
NOBODY_LEFT = "Every worker of this list has been drawn already."
NO_QUESTIONS = "The code of conduct of this cycle asks workers nothing."


@dataclass(frozen=True, slots=True)
class Worker:
    """A line of a deployment list: its own number, where the worker is, and the country of work.

    `state` is one of STATES, both are empty where the list does not say.
    """

    number: str
    state: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A draw as it is asked for; `seen` is the token of the draws that were on the page."""

    source: str
    many: str
    seen: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The numbers of an agency that came up, each with its draw; `code` is the agency's."""

    code: str
    draws: Mapping[str, UUID]

    def place(self, number: str) -> tuple[str, UUID] | None:
        """An interview's own number and draw; None where the number is in no draw."""
        short = number.removeprefix(f"{self.code}/")
        return (f"{self.code}/{short}", self.draws[short]) if short in self.draws else None


def workers(given_rows: Sequence[Given], intake: Intake) -> list[Worker]:
    """The lines of a list, of which a number stands once; `intake` tells what is wrong."""
    seen: dict[str, Given] = {}
    found = []
    for given in given_rows:
        number: str = given["worker"]
        if number in seen:
            remedy = f"stands twice; the other one is at {seen[number].place('worker')}"
            intake.refuse(given, "worker", remedy)
            continue
        seen[number] = given
        found.append(Worker(number, given["state"] or "", given["destination"] or ""))
    return found


def usual(rubric: Rubric) -> int:
    """How many are drawn unless somebody says otherwise: twice as many as must answer."""
    asked = [one.rule for one in rubric.indicators if isinstance(one.rule, Proportion)]
    return max((2 * rule.min_respondents for rule in asked), default=0)


def draw(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    listed: Sequence[Worker],
    wish: Wish,
    act: journal.Act,
) -> InterviewDraw:
    """Draw workers who have not been drawn yet; whoever came up before stays.

    Invalid where the wish is none, Conflict where somebody else drew since `seen`, nobody is left,
    the person is tied to the agency or the cycle is over.
    """
    person = working(session, cycle, agency, act)
    typed = Typed()
    source = typed.text("source", wish.source, MAX_SOURCE) or ""
    many = typed.whole("many", wish.many, 1, MOST)
    typed.done()
    left = _left(of(session, cycle, agency.id), listed, wish)
    # Nobody knows the seed before, and everybody can draw again with it after.
    seed = act.draw(16).hex()
    row = InterviewDraw(
        association=cycle.association,
        id=UUID(bytes=act.draw(16), version=4),
        cycle=cycle.id,
        agency=agency.id,
        source=source,
        list_sha256=digest(listed),
        list_size=len(listed),
        drawn={"seed": seed, "workers": [asdict(one) for one in choose(left, many, seed)]},
        drawn_by=person,
        drawn_at=act.now,
    )
    session.add(row)
    session.flush()
    _note(session, cycle, agency, row, act)
    return row


def _left(before: Sequence[InterviewDraw], listed: Sequence[Worker], wish: Wish) -> list[Worker]:
    """Who has not been drawn yet."""
    if token(before) != wish.seen:
        raise Conflict(DRAWN_MEANWHILE)
    known = {one.number for row in before for one in of_draw(row)}
    left = [one for one in listed if one.number not in known]
    if not left:
        raise Conflict(NOBODY_LEFT)
    return left


def _note(
    session: Session, cycle: AssessmentCycle, agency: Agency, row: InterviewDraw, act: journal.Act
) -> None:
    numbers = [one.number for one in of_draw(row)]
    details = {
        "list": row.list_sha256,
        "size": row.list_size,
        "drawn": len(numbers),
        "seed": row.drawn["seed"],
        "numbers": hashlib.sha256(canonical({"numbers": numbers})).hexdigest(),
    }
    about = f"{cycle.slug} {agency.code}"
    journal.record(session, cycle.association, act, "drew workers to interview", about, details)


def working(session: Session, cycle: AssessmentCycle, agency: Agency, act: journal.Act) -> UUID:
    """The account that draws or asks.

    Conflict where it is tied, the cut-off day has passed or workers are asked nothing.
    """
    today = self_assessments.day(session, cycle, act.now)
    if today > cycle.as_of:
        raise Conflict(CYCLE_CLOSED)
    if not usual(cycles.code_of(cycle).rubric):
        raise Conflict(NO_QUESTIONS)
    if act.account is None:
        raise NotAllowed("Workers are drawn and asked by a person.")
    conflicts.refuse(session, cycle.association, act.account, agency.id, today)
    return act.account


def choose(listed: Sequence[Worker], many: int, seed: str) -> list[Worker]:
    """So many workers, from each state its share, in the order in which they are to be called.

    The order is that of the SHA-256 of seed and number, so it does not depend on the list's own,
    and any program can find it again.
    """

    def place(one: Worker) -> str:
        return hashlib.sha256(f"{seed} {one.number}".encode()).hexdigest()

    by_state: dict[str, list[Worker]] = {}
    for one in sorted(listed, key=place):
        by_state.setdefault(one.state, []).append(one)
    share = shares({state: len(some) for state, some in by_state.items()}, many)
    found = [one for state, some in by_state.items() for one in some[: share[state]]]
    return sorted(found, key=place)


def shares(sizes: Mapping[str, int], many: int) -> dict[str, int]:
    """How many to draw from each group: in proportion, at least one of each if that is enough."""
    total = sum(sizes.values())
    many = min(many, total)
    found = dict.fromkeys(sizes, 1 if many >= len(sizes) else 0)
    while sum(found.values()) < many:
        open_groups = [group for group in sizes if found[group] < sizes[group]]
        # Whatever is furthest behind its share comes next.
        behind = {
            group: Fraction(many * sizes[group], total) - found[group] for group in open_groups
        }
        found[max(open_groups, key=lambda group: (behind[group], group))] += 1
    return found


def digest(listed: Sequence[Worker]) -> str:
    """Names a list, whatever the order of its lines."""
    lines = sorted((one.number, one.state, one.destination) for one in listed)
    return hashlib.sha256(canonical({"lines": [list(line) for line in lines]})).hexdigest()


def of(session: Session, cycle: AssessmentCycle, agency: UUID) -> list[InterviewDraw]:
    """The draws of an agency in a cycle, the first one first."""
    found = select(InterviewDraw).where(
        InterviewDraw.association == cycle.association,
        InterviewDraw.cycle == cycle.id,
        InterviewDraw.agency == agency,
    )
    return list(session.exec(found.order_by(col(InterviewDraw.drawn_at), col(InterviewDraw.id))))


def of_draw(row: InterviewDraw) -> list[Worker]:
    """The workers of a draw in the order in which they are to be called."""
    return [Worker(**one) for one in row.drawn.get("workers", ())]


def token(draws: Sequence[InterviewDraw]) -> str:
    """Names what has been drawn so far; whoever draws sends it back."""
    return hashlib.sha256(canonical({"draws": [str(one.id) for one in draws]})).hexdigest()[:16]


def drawn(code: str, draws: Sequence[InterviewDraw]) -> Drawn:
    """The numbers of an agency's draws."""
    return Drawn(code, {one.number: row.id for row in draws for one in of_draw(row)})


def by_agency(session: Session, cycle: AssessmentCycle) -> dict[UUID, Drawn]:
    """What has been drawn in a cycle, for every agency of which somebody was."""
    found = session.exec(
        select(InterviewDraw, Agency.code)
        .join(
            Agency,
            (col(Agency.association) == InterviewDraw.association)
            & (col(Agency.id) == InterviewDraw.agency),
        )
        .where(
            InterviewDraw.association == cycle.association,
            InterviewDraw.cycle == cycle.id,
            Agency.association == cycle.association,
        )
    )
    rows: dict[UUID, tuple[str, list[InterviewDraw]]] = {}
    for row, code in found:
        rows.setdefault(row.agency, (code, []))[1].append(row)
    return {agency: drawn(*pair) for agency, pair in rows.items()}
