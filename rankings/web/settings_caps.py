"""The association's own table of legal fee caps: shown, edited as text or by CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings import publishing
from rankings.adapters import fee_caps_table, rubric_files
from rankings.errors import Conflict, Invalid, Problem
from rankings.models import FeeCapTable
from rankings.scoring.source import toml
from rankings.usecases import associations, fee_cap_tables, fee_cap_values
from rankings.web import act, fee_caps, moments, reading, registry, settings_words, transaction
from rankings.web.account_parts import go
from rankings.web.languages import say as _

pages = Blueprint("cap_table", __name__)

PAGE = "/<association>/staff/settings/fee-caps"
CSV = "text/csv; charset=utf-8"


class Days:
    """Days as the desk says them."""

    def day(self, text: str) -> str:
        """An ISO date in words."""
        return moments.long_day(date.fromisoformat(text))


@pages.get(PAGE)
def show(association: str) -> str:
    """The table that holds, and its text."""
    with reading() as session:
        held = fee_cap_tables.newest(session, association)
        return _page(session, association, _text(held), held.number if held else 0, ())


@pages.post(PAGE)
def save(association: str) -> ResponseReturnValue:
    """Keep what was typed as text, or else what was pasted as CSV."""
    document = request.form.get("document", "").replace("\r\n", "\n").replace("\0", "")
    pasted, seen = request.form.get("table", ""), request.form.get("seen", "")

    def work(session: Session) -> None:
        text = fee_caps_table.text_of(pasted) if pasted.strip() else document
        number = int(seen) if seen.isdecimal() and len(seen) < 9 else -1
        fee_cap_tables.save(session, association, text, number, act())

    try:
        transaction(work)
    except Invalid as refusal:
        return _again(association, document, pasted, refusal.problems)
    except Conflict:
        said = Problem(_("Fee caps"), "", settings_words.clash())
        return _again(association, document, pasted, [said])
    return go(".show", association=association)


@pages.get(f"{PAGE}.csv")
def table(association: str) -> Response:
    """The table that holds, for a spreadsheet program."""
    with reading() as session:
        associations.find(session, association)
        text = _text(fee_cap_tables.newest(session, association))
    body = fee_caps_table.table_of(toml("fee-caps.toml", text))
    name = {"Content-Disposition": f"attachment; filename={association}-fee-caps.csv"}
    return Response(body, content_type=CSV, headers=name)


def _text(held: FeeCapTable | None) -> str:
    return held.document if held else rubric_files.text(publishing.FEE_CAPS)


def _again(
    association: str, document: str, pasted: str, problems: Sequence[Problem]
) -> ResponseReturnValue:
    with reading() as session:
        held = fee_cap_tables.newest(session, association)
        number = held.number if held else 0
        return _page(session, association, document, number, problems, pasted), 422


def _page(
    session: Session,
    association: str,
    document: str,
    seen: int,
    problems: Sequence[Problem],
    pasted: str = "",
) -> str:
    whose = associations.find(session, association)
    caps = registry.caps(session, association)
    return render_template(
        "settings/fee_caps.html",
        association=whose,
        rows=[
            (fee_caps.country(cap.origin), fee_caps.row(Days(), fee_cap_values.value(cap)))
            for cap in caps
        ],
        held=fee_cap_tables.newest(session, association),
        document=document,
        pasted=pasted,
        seen=seen,
        problems=problems,
    )
