"""The public pages: what was published, and nothing else."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, send_file

from rankings.adapters.catalogues import LANGUAGES
from rankings.canonical import digest
from rankings.web import (
    agency_page,
    check_page,
    compare_page,
    edition_page,
    method_change_page,
    method_page,
    ranges_page,
    ranking_page,
    receipt_page,
    report_card_page,
    sensitivity_page,
    settings,
)
from rankings.web.shelf import Published, Shelf
from rankings.web.words import Words, words_of

pages = Blueprint("public", __name__)

PLACE = f"/<association>/<any({', '.join(LANGUAGES)}):lang>"
EDITION = "rankings/<cycle>/editions/<int:number>"


def shelf() -> Shelf:
    """The editions on this machine."""
    found: Shelf = current_app.extensions["shelf"]
    return found


def current(association: str) -> Published:
    """The newest edition, or the candidate of which a preview is made."""
    preview: Published | None = g.get("preview")
    return preview or shelf().current(association)


def numbered(association: str, cycle: str, number: int) -> Published:
    """One edition, or the candidate of that number of which a preview is made."""
    preview: Published | None = g.get("preview")
    if preview is not None:
        own = preview.notice["editions"][0]
        if (own["cycle"], own["number"]) == (cycle, number):
            return preview
    return shelf().edition(association, cycle, number)


def shown(template: str, edition: Published, page: Any) -> str:
    """A page of an edition; every one knows its words, its ranking and its number."""
    ranking = edition.part("ranking")
    return render_template(
        template,
        page=page,
        words=words(edition),
        ranking=ranking,
        rated=sum(one["state"] == "rated" for one in ranking["entries"]),
        number=edition.bundle.manifest["number"],
        withdrawn=_withdrawn(edition),
    )


def _withdrawn(edition: Published) -> Any:
    """Since when and why the edition is taken back, if it is."""
    listed = edition.notice["editions"]
    found: Any = next((one for one in listed if one["digest"] == edition.digest), {})
    return found.get("withdrawn")


def words(edition: Published) -> Words:
    """The words of an edition's rubric in the language of the page."""
    return words_of(edition.digest, edition.part("rubric"))


def run_report(edition: Published) -> Any:
    """The edition's report on itself; None for one whose rubric asks for none."""
    has_report = ranges_page.PART in edition.bundle.manifest["parts"]
    return edition.part(ranges_page.PART) if has_report else None


@pages.get("/")
def home() -> str:
    """Every association, in every language."""
    return render_template("public/home.html", associations=shelf().associations())


@pages.get(f"{PLACE}/")
def ranking(association: str) -> str:
    """Who stands where, and who is not rated and why."""
    edition = current(association)
    said = words(edition)
    found = edition.part("ranking")
    page = ranking_page.page(said, found, edition.notice)
    return shown("public/ranking.html", edition, page)


@pages.get(f"{PLACE}/agencies/<code>")
def agency(association: str, code: str) -> str:
    """One agency: its licence today, its band and why."""
    edition = current(association)
    said = words(edition)
    part, found = edition.part(f"agencies/{code}"), edition.part("ranking")
    page = agency_page.page(said, part, found, edition.notice, run_report(edition))
    return shown("public/agency.html", edition, page)


@pages.get(f"{PLACE}/compare")
def compare(association: str) -> str:
    """Agencies side by side; the address names them, each as `agency`."""
    edition = current(association)
    codes = [code for code in request.args.getlist("agency") if code]
    found = edition.part("ranking")
    page = compare_page.page(words(edition), found, edition.notice, codes)
    return shown("public/compare.html", edition, page)


@pages.get(f"{PLACE}/agencies/<code>/receipt")
def receipt(association: str, code: str) -> str:
    """Why an agency has its score, indicator by indicator."""
    edition = current(association)
    said = words(edition)
    part, found = edition.part(f"agencies/{code}"), edition.part("ranking")
    country = found["association"]["country"]
    page = receipt_page.page(said, ranking_page.entry(found, code), part, country)
    return shown("public/receipt.html", edition, page)


@pages.get(f"{PLACE}/method")
def method(association: str) -> str:
    """How the score is made, from the rubric itself, and what the law lets workers pay."""
    edition = current(association)
    changed = method_change_page.PART in edition.bundle.manifest["parts"]
    page = method_page.page(words(edition), edition.part("fee-caps")["caps"], changed=changed)
    return shown("public/method.html", edition, page)


@pages.get(f"{PLACE}/method/change")
def method_change(association: str) -> str:
    """What the new rules did to the scores, where the edition is the first by them."""
    edition = shelf().current(association)
    body = edition.part(method_change_page.PART)
    country = edition.part("ranking")["association"]["country"]
    page = method_change_page.page(words(edition), body, country)
    return shown("public/method_change.html", edition, page)


@pages.get(f"{PLACE}/method/ranges")
def ranges(association: str) -> str:
    """How sure scores, places and rates of complaints are."""
    edition = current(association)
    page = ranges_page.page(words(edition), edition.part("ranking"), run_report(edition))
    return shown("public/ranges.html", edition, page)


@pages.get(f"{PLACE}/method/sensitivity")
def sensitivity(association: str) -> str:
    """Whether the ranking would be another one by other rules; NotFound if that is not known."""
    edition = current(association)
    report, found = edition.part(sensitivity_page.PART), edition.part("ranking")
    page = sensitivity_page.page(words(edition), found, report)
    return shown("public/sensitivity.html", edition, page)


@pages.get(f"{PLACE}/association")
def association_card(association: str) -> str:
    """How the association does its own work."""
    edition = current(association)
    has_card = report_card_page.PART in edition.bundle.manifest["parts"]
    card = edition.part(report_card_page.PART) if has_card else None
    page = report_card_page.page(words(edition), card)
    return shown("public/association.html", edition, page)


@pages.get(f"{PLACE}/{EDITION}")
def edition(association: str, cycle: str, number: int) -> str:
    """One edition with its files, how to check them, and the editions before and after it."""
    held = numbered(association, cycle, number)
    return shown("public/edition.html", held, edition_page.page(words(held), held))


@pages.get(f"{PLACE}/check")
def check(association: str) -> str:
    """How everybody can check the current edition, also without our software."""
    edition = current(association)
    return shown(
        "public/check.html", edition, check_page.page(words(edition), edition, settings().keys)
    )


@pages.get("/<association>/keys.json")
def keys(association: str) -> Response:
    """All roots of keys, for checking an edition."""
    current(association)
    return _json(association, check_page.KEYS, check_page.keys(settings().keys, association))


@pages.get("/<association>/notice.json")
def notice(association: str) -> Response:
    """The notice of today, as it was signed."""
    return _json(association, check_page.NOTICE, shelf().notice_body(association))


def _json(association: str, name: str, body: bytes) -> Response:
    return send_file(
        BytesIO(body),
        mimetype="application/json",
        as_attachment=True,
        download_name=f"{association}-{name}",
        etag=digest(body),
        max_age=0,
    )


@pages.get(f"/<association>/{EDITION}/<name>")
def download(association: str, cycle: str, number: int, name: str) -> Response:
    """A file of an edition, byte for byte, at an address that stays."""
    held = numbered(association, cycle, number)
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
