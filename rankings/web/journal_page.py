"""The association's journal, for its secretariat and its regulator."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from rankings.errors import NotFound
from rankings.usecases import associations, journal_reading
from rankings.web import reading

pages = Blueprint("journal", __name__)


@pages.get("/<association>/staff/journal")
def show(association: str) -> str:
    """The entries, the newest first, fifty a page."""
    number = request.args.get("page", 1, int)
    with reading() as session:
        whose = associations.find(session, association)
        if number < 1:
            raise NotFound("There is no such page.")
        lines, last = journal_reading.page(session, association, number)
    if number > last:
        raise NotFound("There is no such page.")
    return render_template(
        "staff/journal.html", association=whose, lines=lines, number=number, last=last
    )
