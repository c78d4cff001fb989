"""The desk of everybody with a role in an association, and what the association's staff sees."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from sqlmodel import col, select

from rankings.models import Agency
from rankings.usecases import associations, cycles, evidence, hearings, progress, self_assessments
from rankings.usecases.answers import Questions
from rankings.web import calendar_page, now, reading
from rankings.web.access import may, roles
from rankings.web.desk import OF_AGENCY, OF_CYCLE, desk
from rankings.web.desk_waiting import waiting_for
from rankings.web.verification_words import evidence_word
from rankings.web.words import Words

pages = Blueprint("staff", __name__)

# Whoever has one of these roles sees how far the agencies are.
WATCHING = {"auditor", "lead_auditor", "secretariat", "regulator"}


@pages.get("/<association>/staff/", endpoint="desk")
def desk_of(association: str) -> str:
    """What waits for the person: what is to be done, own agencies, open cycles, and the clock."""
    with reading() as session:
        whose = associations.find(session, association)
        held = progress.cycles_of(session, association)
        today = associations.day(whose, now())
        own = select(Agency).where(
            Agency.association == association, col(Agency.id).in_(g.own_agencies)
        )
        agencies = session.exec(own.order_by(Agency.code)).all()
        watched = [one for one in held if roles() & WATCHING]
        lines = {one.id: progress.overview(session, one) for one in held if one.as_of >= today}
        waiting = waiting_for(session, whose, today)
        closing = {one.id: calendar_page.closes(session, whose, one, now()) for one in held}
        coming = calendar_page.next_steps(session, whose, now()) if may("calendar.show") else []
        heard = [one for one in held if agencies and hearings.newest(session, one)]
        named = [*agencies, *waiting.agencies]
        names = {one.id: Words.name(whose.country, one.names) for one in named}
    return render_template(
        "staff/desk.html",
        association=whose,
        waiting=waiting,
        today=today,
        evidence_word=evidence_word,
        cycles=held,
        open=[one for one in held if one.as_of >= today],
        heard=heard,
        watched=watched,
        closing=closing,
        coming=coming,
        agencies=agencies,
        names=names,
        lines=lines,
        days={one.id: (one.as_of - today).days for one in held},
    )


@pages.get(OF_CYCLE)
def cycle(association: str, cycle: str) -> str:
    """How far each agency that takes part is."""
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        lines = progress.overview(session, held)
        asked = len(Questions(cycles.code_of(held)).asked)
        names = {one.agency.id: Words.name(whose.country, one.agency.names) for one in lines}
        closes = calendar_page.closes(session, whose, held, now())
    return render_template(
        "staff/cycle.html",
        association=whose,
        cycle=held,
        closes=closes,
        lines=lines,
        names=names,
        asked=asked,
    )


@pages.get(OF_AGENCY)
def self_assessment(association: str, cycle: str, agency: str) -> str:
    """An agency's answers and evidence as the association's staff reads them, with what to check.

    A file that other agencies handed in as well is marked; the agencies never see that.
    """
    with reading() as session:
        held = desk(session, association, cycle, agency)
        submitted = self_assessments.of(session, held.cycle, held.agency.id)
        names = self_assessments.names(session, held.answers)
        shared = evidence.shared_with(session, held.cycle, held.agency.id)
    return render_template(
        "staff/self_assessment.html", desk=held, submitted=submitted, names=names, shared=shared
    )
