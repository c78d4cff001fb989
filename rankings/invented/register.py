"""Invented public records: the register of agencies, and the workers they sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from rankings.invented.agencies import AFTER, BEFORE, CYCLES, Agency, Cycle, Row, step_of
from rankings.invented.names import names, renamed
from rankings.invented.plots import PLOTS
from rankings.scoring.evidence import months_after

# Steps of twelve months that a file covers.
STEPS = 3
# When the licence of a story changed, by cycle.
SINCE = {
    ("suspended", BEFORE): date(2025, 2, 17),
    ("suspended", AFTER): date(2026, 4, 13),
    ("revoked", AFTER): date(2026, 2, 24),
}
EXPIRED = date(2024, 12, 31)
GIVEN_BACK = date(2025, 11, 3)
PROGRAMMES = {
    "JP": ("technical-intern", "specified-skilled"),
    "TW": ("factory", "care"),
    "KR": ("eps",),
    "SA": ("domestic-work",),
}


def register(agencies: Sequence[Agency], cycle: Cycle) -> list[Row]:
    """The register of licensed agencies as of a cycle."""
    return [_licence(agency, cycle) for agency in agencies if agency.listed(cycle)]


def _licence(agency: Agency, cycle: Cycle) -> Row:
    state, since = _state(agency, cycle)
    signed = agency.signed_on
    named = names(agency.association, agency.number, cycle.id)
    return {
        "licensing_authority": PLOTS[agency.association].authority,
        "licence_number": agency.licence,
        **(named | (renamed(agency.association) if agency.story(cycle) == "renamed" else {})),
        "licensed_on": agency.licensed_on,
        "licence_state": state,
        "licence_state_since": since,
        "licence_valid_until": _valid_until(agency, state),
        "code_signed_on": signed if signed and signed <= cycle.as_of else None,
    }


def _state(agency: Agency, cycle: Cycle) -> tuple[str, date]:
    story = agency.story(cycle)
    if story == "expired":
        return story, EXPIRED + timedelta(days=1)
    if (story, cycle) in SINCE:
        return story, SINCE[story, cycle]
    if cycle is AFTER and agency.tale.before == "suspended":
        return "valid", GIVEN_BACK
    return "valid", agency.licensed_on


def _valid_until(agency: Agency, state: str) -> date | None:
    """Viet Nam's licences carry no last day, unless one has passed."""
    if state == "expired":
        return EXPIRED
    if agency.association == "vidu":
        return None
    return date(2027 + agency.number % 4, agency.licensed_on.month, 28)


@dataclass(frozen=True, slots=True)
class Sent:
    """Workers of one agency, quarter, destination, programme and sex; `day` ends the quarter."""

    day: date
    destination: str
    programme: str
    sex: str
    workers: int


@dataclass(frozen=True, slots=True)
class Work:
    """One line of business: its share of the agency's workers, and of them the women's share.

    Without a share of women nobody told the sexes apart.
    """

    destination: str
    programme: str
    share: float
    women: float | None


def quarters() -> list[date]:
    """The last days of all quarters that any file covers."""
    first, last = months_after(BEFORE.as_of, -12 * STEPS), AFTER.as_of
    found = [first]
    while found[-1] < last:
        # From the first of a month, so that a quarter ends on its own last day.
        found.append(months_after(found[-1] + timedelta(days=1), 3) - timedelta(days=1))
    return found[1:]


def sent(agency: Agency, seed: int) -> list[Sent]:
    """Everybody whom an agency sent; later files repeat these numbers unchanged."""
    random = agency.random(seed, "deployments")
    works = _works(agency, random)
    trend = random.uniform(0.97, 1.03)
    found: list[Sent] = []
    for at, day in enumerate(quarters()):
        many = agency.size / 4 * trend**at * random.uniform(0.85, 1.15)
        if _works_on(agency, day):
            found += [line for work in works for line in _lines(work, day, many)]
    return found


def _works(agency: Agency, random: Random) -> list[Work]:
    places = PLOTS[agency.association].destinations
    chosen = list(dict.fromkeys(places[_early(len(places), random)] for _ in range(3)))
    kinds = [(one, kind) for one in chosen for kind in _programmes(one, random)]
    weights = [random.uniform(0.3, 1.0) for _ in kinds]
    apart = random.random() < 0.8
    return [
        Work(*kind, weight / sum(weights), random.uniform(0.15, 0.6) if apart else None)
        for kind, weight in zip(kinds, weights, strict=True)
    ]


def _early(many: int, random: Random) -> int:
    """A place in a list; the first are the likeliest."""
    return min(random.randrange(many), random.randrange(many))


def _programmes(destination: str, random: Random) -> Sequence[str]:
    """Programmes one by one, or all together: never both, which would count people twice."""
    known = PROGRAMMES.get(destination, ())
    return known if known and random.random() < 0.7 else ("",)


def _works_on(agency: Agency, day: date) -> bool:
    """Whether it was licensed all through a quarter."""
    start = months_after(day, -3)
    cycle = next(cycle for cycle in CYCLES if day <= cycle.as_of)
    stopped = SINCE.get((agency.story(cycle), cycle), date.max)
    if agency.story(cycle) == "expired":
        stopped = EXPIRED
    return agency.licensed_on <= start and day < stopped


def _lines(work: Work, day: date, many: float) -> Iterator[Sent]:
    workers = round(many * work.share)
    shares = {"all": workers}
    if work.women is not None:
        women = round(workers * work.women)
        shares = {"women": women, "men": workers - women}
    for sex, number in shares.items():
        if number:
            yield Sent(day, work.destination, work.programme, sex, number)


def deployments(agency: Agency, lines: Sequence[Sent], cycle: Cycle) -> list[Row]:
    """The rows of one agency in a cycle's file."""
    return [
        {
            "agency": agency.licence,
            "quarter": f"{line.day.year}-Q{line.day.month // 3}",
            "destination": line.destination,
            "programme": line.programme,
            "sex": line.sex,
            "workers": line.workers,
            "source": PLOTS[agency.association].authority,
        }
        for line in _within(lines, cycle)
    ]


def exposure(lines: Sequence[Sent], cycle: Cycle) -> list[Fraction]:
    """Workers sent per 12-month step of a cycle, the newest first."""
    found = [Fraction(0)] * STEPS
    for line in _within(lines, cycle):
        found[step_of(line.day, cycle.as_of)] += line.workers
    return found


def _within(lines: Sequence[Sent], cycle: Cycle) -> Iterator[Sent]:
    for line in lines:
        if line.day <= cycle.as_of and step_of(line.day, cycle.as_of) < STEPS:
            yield line
