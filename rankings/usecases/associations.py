"""Associations: the bodies that rate their members."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from rankings.errors import Conflict, NotFound
from rankings.models import Association


def add(
    session: Session, code: str, name: str, country: str, time_zone: str, now: datetime
) -> Association:
    """A new association; Conflict where the code is taken."""
    if session.get(Association, code):
        raise Conflict(f"There is an association {code} already.")
    association = Association(
        id=code, name=name, country=country, time_zone=time_zone, created_at=now
    )
    session.add(association)
    session.flush()
    return association


def find(session: Session, code: str) -> Association:
    """The association of a code; NotFound where there is none."""
    association = session.get(Association, code)
    if association is None:
        raise NotFound("There is no such association.")
    return association


def all_of_them(session: Session) -> list[Association]:
    """Every association, by code."""
    return list(session.exec(select(Association).order_by(Association.id)))
