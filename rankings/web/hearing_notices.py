"""Who was told before a publication, how and until when; letters to those without an account."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Invalid
from rankings.models import Agency, HearingNotice
from rankings.usecases import agencies, associations, cycles, hearings
from rankings.web import act, now, reading, transaction
from rankings.web.account_forms import wrong
from rankings.web.account_parts import go
from rankings.web.desk import OF_CYCLE
from rankings.web.languages import say as _
from rankings.web.verification_forms import DayField, Refusable
from rankings.web.words import Words

pages = Blueprint("hearing_notices", __name__)

NOTICES = f"{OF_CYCLE}publication/hearing/"


class LetterForm(Refusable):
    """The day on which an agency got its letter."""

    day = DayField()


@pages.get(NOTICES)
def show(association: str, cycle: str) -> str:
    """Every agency with its clock, those that nobody has told yet first."""
    return _page(association, cycle)


@pages.post(f"{NOTICES}<agency>")
def serve(association: str, cycle: str, agency: str) -> ResponseReturnValue:
    """Note that an agency without an account was told by letter."""
    form = LetterForm()
    if not form.validate():
        return _page(association, cycle, form, agency), 422

    def work(session: Session) -> None:
        held = cycles.find(session, association, cycle)
        whom = agencies.find(session, association, agency)
        hearing = hearings.find_newest(session, held)
        hearings.serve_by_letter(session, held, hearing, whom, form.day.day, act())

    try:
        transaction(work)
    except Invalid:
        wrong(form, "day", _("Enter a day from the opening of the hearing to today."))
        return _page(association, cycle, form, agency), 422
    return go(".show", association=association, cycle=cycle)


def _page(
    association: str,
    cycle: str,
    form: LetterForm | None = None,
    whom: str | None = None,
) -> str:
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        hearing = hearings.newest(session, held)
        found = hearings.notices(session, hearing) if hearing else []
        found.sort(key=_first_the_untold)
        return render_template(
            "publication/notices.html",
            association=whose,
            cycle=held,
            hearing=hearing,
            notices=found,
            names={one.id: Words.name(whose.country, one.names) for _notice, one in found},
            today=associations.day(whose, now()),
            form=form or LetterForm(formdata=None),
            whom=whom,
        )


def _first_the_untold(pair: tuple[HearingNotice, Agency]) -> tuple[bool, bool, str]:
    notice, agency = pair
    return not notice.is_due, notice.served_on is not None, agency.code
