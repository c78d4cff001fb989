"""The public pages: what was published, and nothing else."""

from __future__ import annotations

from flask import Blueprint, render_template

from rankings.adapters.catalogues import LANGUAGES
from rankings.usecases import editions
from rankings.web import method_page, reading, receipt_page
from rankings.web.access import ANYONE, allow
from rankings.web.words import words_of

pages = Blueprint("public", __name__)

PLACE = f"/<association>/<any({', '.join(LANGUAGES)}):lang>"


@pages.get("/")
@allow(ANYONE)
def home() -> str:
    """Every association, in every language."""
    with reading() as session:
        associations = editions.published_by(session)
    return render_template("public/home.html", associations=associations)


@pages.get(f"{PLACE}/")
@allow(ANYONE)
def ranking(association: str) -> str:
    """Who stands where, and who is not rated and why."""
    with reading() as session:
        edition = editions.current(session, association)
        found = editions.ranking(session, edition)
        words = words_of(edition.digest, editions.rubric(session, edition))
    return render_template("public/ranking.html", ranking=found, words=words, edition=edition)


@pages.get(f"{PLACE}/agencies/<code>/receipt")
@allow(ANYONE)
def receipt(association: str, code: str) -> str:
    """Why an agency has its score, indicator by indicator."""
    with reading() as session:
        edition = editions.current(session, association)
        found = editions.agency(session, edition, code)
        ranking = editions.ranking(session, edition)
        words = words_of(edition.digest, editions.rubric(session, edition))
    page = receipt_page.page(words, found)
    return render_template("public/receipt.html", page=page, words=words, ranking=ranking)


@pages.get(f"{PLACE}/method")
@allow(ANYONE)
def method(association: str) -> str:
    """How the score is made, from the rubric itself, and what the law lets workers pay."""
    with reading() as session:
        edition = editions.current(session, association)
        fees = editions.fee_caps(session, edition)
        ranking = editions.ranking(session, edition)
        words = words_of(edition.digest, editions.rubric(session, edition))
    page = method_page.page(words, fees)
    return render_template("public/method.html", page=page, words=words, ranking=ranking)
