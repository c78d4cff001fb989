"""Signs of gaming in a cycle, for those who audit; none of them changes a score."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from sqlmodel import Session, col, select

from rankings.models import Agency, AssessmentCycle, Association
from rankings.usecases import associations, calendar, cycles, gaming_signs_reading, staff
from rankings.usecases.gaming_signs import AUDITOR, BUNCHING, OF_AGENCIES, OF_ROUND, Sign, signs
from rankings.web import now, reading, signs_words
from rankings.web.access import person, roles
from rankings.web.desk import OF_CYCLE
from rankings.web.words import Words

pages = Blueprint("signs", __name__)

# Whoever has one of these roles also sees what is about auditors and about the whole round.
WATCHING = {staff.LEAD, "secretariat"}


@pages.get(f"{OF_CYCLE}signs")
def show(association: str, cycle: str) -> str:
    """What to look at, by kind; of agencies that the person may judge."""
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        found = signs(gaming_signs_reading.round_of(session, held, closes(session, whose, held)))
        watches = bool(roles() & WATCHING)
        today = associations.day(whose, now())
        who = (person().account, watches)
        shown = gaming_signs_reading.shown(session, held, found, who, today)
        named = _agencies(session, association, shown)
        people = staff.names(session, _accounts(shown))
    words = Words(cycles.code_of(held))
    return render_template(
        "signs/show.html",
        association=whose,
        cycle=held,
        groups=[
            (kind, [one for one in shown if one.kind == kind])
            for kind in (*OF_AGENCIES, *(OF_ROUND if watches else ()))
        ],
        many=len(shown),
        names={code: Words.name(whose.country, one.names) for code, one in named.items()},
        said=lambda one: signs_words.said(one, _about(one, words, people)),
        words=signs_words,
    )


def closes(session: Session, whose: Association, cycle: AssessmentCycle) -> datetime:
    """When answers can no longer change: as planned, else at the end of the cut-off day."""
    planned = calendar.at(session, cycle.id, whose.id, "closes")
    if planned is not None:
        return planned
    return datetime.combine(cycle.as_of + timedelta(days=1), time(0), ZoneInfo(whose.time_zone))


def _agencies(session: Session, association: str, shown: list[Sign]) -> dict[str, Agency]:
    codes = {code for one in shown for code in one.agencies}
    found = select(Agency).where(Agency.association == association, col(Agency.code).in_(codes))
    return {one.code: one for one in session.exec(found)}


def _accounts(shown: list[Sign]) -> set[UUID]:
    found = set()
    for one in shown:
        if one.kind == AUDITOR:
            try:
                found.add(UUID(one.about))
            except ValueError:
                # Findings that came in a file name their auditor as they like.
                continue
    return found


def _about(sign: Sign, words: Words, people: dict[UUID, str]) -> str:
    """What a sign is about, in words: a band or an auditor."""
    if sign.kind == BUNCHING:
        return words.band(sign.about)
    named = {str(key): name for key, name in people.items()}
    return named.get(sign.about, sign.about)
