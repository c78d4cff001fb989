"""What if an agency answered differently: tried out in the address, kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from sqlmodel import Session, select

from rankings.errors import Invalid, NotFound, Problem, Unavailable
from rankings.models import AssessmentCycle, RankingEdition
from rankings.usecases import audit_reading, what_if
from rankings.usecases.previous_bands import RankingOf
from rankings.web import reading, what_if_page
from rankings.web.access import person, roles
from rankings.web.desk import SELF_ASSESSMENT, desk
from rankings.web.public import shelf

pages = Blueprint("what_if", __name__)
# They know the interviews; an agency sees what workers said when everybody does.
REVIEWING = {"auditor", "lead_auditor", "secretariat"}


@pages.get(f"{SELF_ASSESSMENT}/what-if")
def show(association: str, cycle: str, agency: str) -> tuple[str, int]:
    """The score as it stands, and with the answers that the address names."""
    asked = request.args.to_dict()
    with reading() as session:
        held = desk(session, association, cycle, agency)
        audit_reading.refuse_blind_about(session, held.cycle, held.agency.id, person().account)
        place = (session, held.cycle, held.agency)
        open_ = bool(roles() & REVIEWING) or what_if.is_published(session, held.cycle)
        rest = (_ranking_of(session), open_)
        problems: tuple[Problem, ...] = ()
        try:
            trial = what_if.try_out(*place, asked, *rest)
        except Invalid as invalid:
            trial, problems = (
                what_if.try_out(*place, {}, _ranking_of(session), open_),
                invalid.problems,
            )
    page = what_if_page.page(held, trial, asked, problems)
    status = 422 if problems else 200
    return render_template("agency/what_if.html", desk=held, page=page, open=open_), status


def _ranking_of(session: Session) -> RankingOf:
    """Reads the ranking of an earlier edition from this machine's verified copy."""

    def ranking_of(edition: RankingEdition) -> Mapping[str, Any]:
        slug = session.exec(
            select(AssessmentCycle.slug).where(
                AssessmentCycle.association == edition.association,
                AssessmentCycle.id == edition.cycle,
            )
        ).one()
        try:
            held = shelf().edition(edition.association, slug, edition.number)
        except NotFound as error:
            raise Unavailable("The edition before is not on this machine yet.") from error
        return held.part("ranking")

    return ranking_of
