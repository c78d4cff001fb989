"""The register of licensed agencies and of the workers they sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from rankings.models import (
    Agency,
    AssessmentCycle,
    Association,
    Deployment,
    FormerName,
    LicenceState,
)
from rankings.usecases import agency_codes, associations
from rankings.usecases.incoming import Agencies, Given, Intake, Wrong, save, taken
from rankings.usecases.rows import rows

LANGUAGES = ("vi", "km", "my", "ja", "en")
FACTS = ("licensed_on", "licence_valid_until", "code_signed_on")
ALL = "all"
WORK = ("agency", "quarter", "destination", "programme", "sex")


def save_agencies(
    session: Session, cycle: AssessmentCycle, given_rows: Sequence[Given], now: datetime
) -> Intake:
    """Add licence holders, change known ones; an earlier name and licence state are kept."""
    register = _Register(session, associations.find(session, cycle.association), now)
    intake = Intake()
    seen: dict[tuple[str, str], Given] = {}
    for given, key in taken(given_rows, lambda given: _key(given, seen), intake):
        register.take(given, key, intake)
    register.finish()
    return intake


def _key(given: Given, seen: dict[tuple[str, str], Given]) -> Any:
    key = (given["licensing_authority"], given["licence_number"])
    if key in seen:
        place = seen[key].place("licence_number")
        raise Wrong("licence_number", f"stands twice; the other row is at {place}: remove one")
    if not any(given[f"name_{language}"] for language in LANGUAGES):
        raise Wrong("name_en", "an agency needs a name in at least one name_ column")
    until = given["licence_valid_until"]
    if until and until < given["licensed_on"]:
        raise Wrong("licence_valid_until", "is before licensed_on")
    seen[key] = given
    return key


class _Register:
    """The agencies as they stand while a file is taken in."""

    def __init__(self, session: Session, association: Association, now: datetime) -> None:
        self.session, self.association, self.now = session, association, now
        self.today = associations.day(association, now)
        found = session.exec(select(Agency).where(Agency.association == association.id))
        self.agencies = {(one.licensing_authority, one.licence_number): one for one in found}
        numbers = (agency_codes.number(one.code) or 0 for one in self.agencies.values())
        self.last = max(numbers, default=0)
        states = session.exec(
            select(LicenceState).where(LicenceState.association == association.id)
        )
        self.states = {(one.agency, one.since): one for one in states}
        self.fresh: list[LicenceState] = []

    def finish(self) -> None:
        """Agencies first: their licence states point to them."""
        self.session.flush()
        self.session.add_all(self.fresh)
        self.session.flush()

    def take(self, given: Given, key: tuple[str, str], intake: Intake) -> None:
        known = self.agencies.get(key)
        if known is None:
            self._state(self._add(given, key), given)
            intake.new += 1
        elif any([self._change(known, given), self._state(known.id, given)]):
            intake.changed += 1
        else:
            intake.same += 1

    def _add(self, given: Given, key: tuple[str, str]) -> UUID:
        self.last += 1
        names, as_given = _names(given)
        agency = Agency(
            association=self.association.id,
            id=uuid4(),
            code=agency_codes.code(self.association.country, self.last),
            licensing_authority=key[0],
            licence_number=key[1],
            names=names,
            names_as_given=as_given,
            added_at=self.now,
            **{fact: given[fact] for fact in FACTS},
        )
        self.session.add(agency)
        self.agencies[key] = agency
        return agency.id

    def _change(self, agency: Agency, given: Given) -> bool:
        names, as_given = _names(given)
        wanted = {fact: given[fact] for fact in FACTS}
        wanted |= {"names": names, "names_as_given": as_given}
        changed = {name: value for name, value in wanted.items() if getattr(agency, name) != value}
        if any(names.get(language) != old for language, old in agency.names.items()):
            self._keep_name(agency)
        for name, value in changed.items():
            setattr(agency, name, value)
        return bool(changed)

    def _keep_name(self, agency: Agency) -> None:
        """The name that the agency had until today; of two changes on a day the first counts."""
        key = (self.association.id, agency.id, self.today)
        if self.session.get(FormerName, key) is None:
            association, whose, until = key
            self.session.add(
                FormerName(association=association, agency=whose, until=until, names=agency.names)
            )

    def _state(self, agency: UUID, given: Given) -> bool:
        since: date = given["licence_state_since"]
        state: str = given["licence_state"]
        known = self.states.get((agency, since))
        if known is None:
            row = LicenceState(
                association=self.association.id, agency=agency, since=since, state=state
            )
            self.states[agency, since] = row
            self.fresh.append(row)
            return True
        changed = known.state != state
        known.state = state
        return changed


def _names(given: Given) -> tuple[dict[str, str], dict[str, str]]:
    """Names by language, and what stood in the file where it had to be converted."""
    found = {one: given[f"name_{one}"] for one in LANGUAGES if given[f"name_{one}"]}
    names = {language: text for language, (text, _) in found.items()}
    return names, {language: original for language, (_, original) in found.items() if original}


def save_deployments(
    session: Session, cycle: AssessmentCycle, given_rows: Sequence[Given], now: datetime
) -> Intake:
    """Workers sent, by quarter, destination, programme and sex."""
    association, intake = cycle.association, Intake()
    agencies, whose = Agencies(session, association), col(Deployment.association) == association
    read = taken(given_rows, lambda given: _deployment(given, association, agencies), intake)
    wanted = list(read)
    before = rows(session, [getattr(Deployment, name) for name in WORK], whose)
    twice = _counted_twice([*before, *([row[name] for name in WORK] for _, row in wanted)])
    for given, row in wanted:
        if (row["agency"], row["quarter"], row["destination"]) in twice:
            intake.refuse(given, "programme", "stands beside a row for all: the same workers twice")
    single = [(given, row) for given, row in wanted if id(given) not in intake.faulty]
    save(session, Deployment, single, [whose], intake)
    return intake


def _deployment(given: Given, association: str, agencies: Agencies) -> dict[str, Any]:
    return {
        "association": association,
        "agency": agencies.find(given),
        "quarter": given["quarter"],
        "destination": given["destination"],
        "programme": given["programme"] or ALL,
        "sex": given["sex"] or ALL,
        "workers": given["workers"],
        "source": given["source"],
    }


def _counted_twice(rows: Iterable[Sequence[Any]]) -> set[tuple[UUID, str, str]]:
    """Where workers are counted among all and again among some."""
    sexes: dict[tuple[UUID, str, str], dict[str, set[str]]] = {}
    for agency, quarter, destination, programme, sex in rows:
        there = sexes.setdefault((agency, quarter, destination), {})
        there.setdefault(programme, set()).add(sex)
    return {
        where
        for where, programmes in sexes.items()
        if _all_and_more(programmes) or any(map(_all_and_more, programmes.values()))
    }


def _all_and_more(words: Collection[str]) -> bool:
    return ALL in words and len(words) > 1


def quarter_end(quarter: str) -> date:
    """The last day of a quarter such as `2026-Q1`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return date(year, number * 3, 31 if number in (1, 4) else 30)
