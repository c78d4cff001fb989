"""The secretariat's page of the help lines: whom workers can call."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.adapters.catalogues import LANGUAGES
from rankings.errors import Conflict, Invalid
from rankings.usecases import associations, help_lines
from rankings.usecases.help_lines import KINDS, MOST, Line
from rankings.web import act, reading, transaction
from rankings.web.languages import say as _

pages = Blueprint("help_lines", __name__)
PAGE = "/<association>/staff/help-lines"
# Lines without anything in them, to be filled in.
SPARE = 2


@pages.get(PAGE)
def show(association: str) -> str:
    """The lines, and room for more."""
    with reading() as session:
        associations.find(session, association)
        present = help_lines.lines(session, association)
    return _page(association, present, help_lines.token(present), {})


@pages.post(PAGE)
def save(association: str) -> ResponseReturnValue:
    """Put the lines that were sent in place of those that were seen."""
    wanted, seen = _sent(), request.form.get("seen", "")
    if wanted is None:
        with_what = {"": _("Nothing was sent. Change the lines below and save.")}
        return _page(association, *_present(association), with_what), 422

    def work(session: Session) -> None:
        help_lines.save(session, association, wanted, seen, act())

    try:
        transaction(work)
    except Invalid as invalid:
        said = {
            problem.place.replace(" ", "-"): _remedy(problem.place) for problem in invalid.problems
        }
        return _page(association, wanted, seen, said), 422
    except Conflict:
        again = _("Somebody else changed the lines. These are yours: save again to keep them.")
        return _page(association, wanted, _present(association)[1], {"": again}), 422
    return redirect(f"{url_for('help_lines.show', association=association)}?saved=1", 303)


def _present(association: str) -> tuple[list[Line], str]:
    present = transaction(lambda session: help_lines.lines(session, association))
    return present, help_lines.token(present)


def _sent() -> list[Line] | None:
    """The lines of the form that hold anything; None where it is no form of ours."""
    if "lines" not in request.form:
        return None
    given = [_line(place) for place in range(1, MOST + SPARE + 1)]
    return [one for one in given if one.number or one.names or one.hours]


def _line(place: int) -> Line:
    def text(name: str) -> str:
        return request.form.get(f"{place}-{name}", "").replace("\0", "").strip()

    names = {code: text(f"names-{code}") for code in LANGUAGES}
    hours = {code: text(f"hours-{code}") for code in LANGUAGES}
    return Line(
        kind=text("kind") or "help",
        number=text("number"),
        names={code: said for code, said in names.items() if said},
        hours={code: said for code, said in hours.items() if said},
        spoken=text("spoken").replace(",", " ").lower().split(),
        is_free=bool(text("free")),
    )


def _page(association: str, given: Sequence[Line], seen: str, problems: dict[str, str]) -> str:
    empty = Line("help", "", {}, {}, [], False)
    room = min(SPARE, MOST - len(given))
    with reading() as session:
        whose = associations.find(session, association)
    return render_template(
        "help/lines.html",
        whose=whose,
        association=association,
        lines=[*given, *[empty] * max(room, 0)],
        filled=len(given),
        seen=seen,
        problems=problems,
        kinds=_kinds(),
        codes=LANGUAGES,
        is_saved="saved" in request.args and not problems,
    )


def _kinds() -> dict[str, str]:
    said = {"help": _("Advice and help"), "urgent": _("Danger: police, embassy, hotline")}
    return {kind: said[kind] for kind in KINDS}


def _remedy(place: str) -> str:
    """What to do about a fault; the place is "2 number"."""
    number, _space, name = place.partition(" ")
    said = {
        "kind": _("Line %(number)s: choose what it is for.", number=number),
        "number": _("Line %(number)s: write the number that is dialled.", number=number),
        "names": _("Line %(number)s: give it a name of at most 120 letters.", number=number),
        "spoken": _("Line %(number)s: write codes such as vi, km, my, en.", number=number),
    }
    return said.get(name) or _("Keep at most 10 lines.")
