"""Associations: the bodies that rate their members."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import Session

from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import Association
from rankings.scoring.codes import COUNTRIES
from rankings.usecases import journal

# It stands in addresses and names of files.
CODE = re.compile(r"[a-z][a-z0-9-]{1,29}", re.ASCII)
# Other addresses begin with these.
RESERVED = {"account", "static"}


def add(
    session: Session, code: str, name: str, country: str, time_zone: str, act: journal.Act
) -> Association:
    """A new association; Invalid where an argument cannot be one, Conflict where it is there."""
    _check(code, country, time_zone)
    if session.get(Association, code):
        raise Conflict(f"There is an association {code} already.")
    association = Association(
        id=code, name=name, country=country, time_zone=time_zone, created_at=act.now
    )
    session.add(association)
    session.flush()
    details = {"name": name, "country": country, "time_zone": time_zone}
    journal.record(session, code, act, "added an association", code, details)
    return association


def _check(code: str, country: str, time_zone: str) -> None:
    problems = []
    if not CODE.fullmatch(code):
        problems.append(Problem("code", code, "must be 2 to 30 of a-z, 0-9 and -, a letter first"))
    if code in RESERVED:
        problems.append(Problem("code", code, "is taken by the application: choose another"))
    if country not in COUNTRIES:
        problems.append(Problem("country", country, "must be a code of ISO 3166, such as VN"))
    if time_zone not in available_timezones():
        problems.append(Problem("time zone", time_zone, "must be one such as Asia/Bangkok"))
    if problems:
        raise Invalid(problems)


def find(session: Session, code: str) -> Association:
    """The association of a code; NotFound where there is none."""
    association = session.get(Association, code)
    if association is None:
        raise NotFound("There is no such association.")
    return association


def day(association: Association, moment: datetime) -> date:
    """The day of a moment by the association's own clock."""
    return moment.astimezone(ZoneInfo(association.time_zone)).date()
