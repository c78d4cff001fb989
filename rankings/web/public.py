"""The public pages: what was published, and nothing else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, send_file

from rankings.adapters.catalogues import LANGUAGES
from rankings.web import agency_page, edition_page, method_page, ranking_page, receipt_page
from rankings.web.shelf import Published, Shelf
from rankings.web.words import Words, words_of

pages = Blueprint("public", __name__)

PLACE = f"/<association>/<any({', '.join(LANGUAGES)}):lang>"
EDITION = "rankings/<cycle>/editions/<int:number>"


def shelf() -> Shelf:
    """The editions on this machine."""
    found: Shelf = current_app.extensions["shelf"]
    return found


def shown(template: str, edition: Published, page: Any) -> str:
    """A page of an edition; every one knows its words, its ranking and its number."""
    ranking = edition.part("ranking")
    return render_template(
        template,
        page=page,
        words=words(edition),
        ranking=ranking,
        rated=sum(one["rank"] is not None for one in ranking["entries"]),
        number=edition.bundle.manifest["number"],
    )


def words(edition: Published) -> Words:
    """The words of an edition's rubric in the language of the page."""
    return words_of(edition.digest, edition.part("rubric"))


@pages.get("/")
def home() -> str:
    """Every association, in every language."""
    return render_template("public/home.html", associations=shelf().associations())


@pages.get(f"{PLACE}/")
def ranking(association: str) -> str:
    """Who stands where, and who is not rated and why."""
    edition = shelf().current(association)
    said = words(edition)
    found = edition.part("ranking")
    page = ranking_page.page(said, found, edition.notice)
    return shown("public/ranking.html", edition, page)


@pages.get(f"{PLACE}/agencies/<code>")
def agency(association: str, code: str) -> str:
    """One agency: its licence today, its band and why."""
    edition = shelf().current(association)
    said = words(edition)
    part, found = edition.part(f"agencies/{code}"), edition.part("ranking")
    page = agency_page.page(said, part, found, edition.notice)
    return shown("public/agency.html", edition, page)


@pages.get(f"{PLACE}/agencies/<code>/receipt")
def receipt(association: str, code: str) -> str:
    """Why an agency has its score, indicator by indicator."""
    edition = shelf().current(association)
    said = words(edition)
    part, found = edition.part(f"agencies/{code}"), edition.part("ranking")
    country = found["association"]["country"]
    page = receipt_page.page(said, ranking_page.entry(found, code), part, country)
    return shown("public/receipt.html", edition, page)


@pages.get(f"{PLACE}/method")
def method(association: str) -> str:
    """How the score is made, from the rubric itself, and what the law lets workers pay."""
    edition = shelf().current(association)
    page = method_page.page(words(edition), edition.part("fee-caps")["caps"])
    return shown("public/method.html", edition, page)


@pages.get(f"{PLACE}/{EDITION}")
def edition(association: str, cycle: str, number: int) -> str:
    """One edition with its files, how to check them, and the editions before and after it."""
    held = shelf().edition(association, cycle, number)
    return shown("public/edition.html", held, edition_page.page(words(held), held))


@pages.get(f"/<association>/{EDITION}/<name>")
def download(association: str, cycle: str, number: int, name: str) -> Response:
    """A file of an edition, byte for byte, at an address that stays."""
    held = shelf().edition(association, cycle, number)
    body, etag = edition_page.download(held, name)
    if request.if_none_match.contains(etag):
        # Before the file is opened: a 304 would leave it open.
        return Response(status=304, headers={"ETag": f'"{etag}"'})
    return send_file(
        body,
        mimetype=edition_page.type_of(name),
        as_attachment=True,
        download_name=f"{association}-{cycle}-{number}-{name}",
        etag=etag,
    )
