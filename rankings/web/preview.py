"""The candidate as the public would see it: the very pages, made by the very functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Blueprint, Flask, abort, current_app, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from rankings.adapters import signature
from rankings.adapters.catalogues import LANGUAGES
from rankings.adapters.draft import Draft
from rankings.errors import NotFound
from rankings.models import Candidate
from rankings.usecases import associations, candidates, cycles, notices
from rankings.web import edition_page, now, reading, settings
from rankings.web.candidate_views import draft

pages = Blueprint("preview", __name__)

PREVIEW = f"/<association>/<any({', '.join(LANGUAGES)}):lang>/candidate/<cycle>/"
FILES = "files/"
# Stands for the page that has no name of its own.
RANKING = "ranking"
PUBLIC = "public."


@dataclass(frozen=True)
class Drafted:
    """A candidate with what an edition's pages ask beyond its parts."""

    draft: Draft
    manifest: Mapping[str, Any]
    key: Ed25519PublicKey | None

    @property
    def digest(self) -> str:
        """The candidate's digest."""
        return self.draft.digest

    @property
    def file(self) -> Path:
        """The archive."""
        return self.draft.file

    @property
    def file_digest(self) -> str:
        """SHA-256 of the archive."""
        return self.draft.file_digest

    def file_body(self, name: str) -> bytes:
        """A file, byte for byte."""
        return self.draft.file_body(name)


@dataclass(frozen=True)
class Preview:
    """A candidate in place of the current edition; `notice` is that of now with it on top."""

    cycle: str
    bundle: Drafted
    notice: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The candidate's digest."""
        return self.bundle.digest

    def part(self, name: str) -> dict[str, Any]:
        """A part as plain values; NotFound."""
        return self.bundle.draft.part(name)


def register(app: Flask) -> None:
    """While a preview is made, links to public pages stay inside it."""
    plain = app.url_for

    def address(endpoint: str, **values: Any) -> str:
        found: Preview | None = g.get("preview")
        to = plain(endpoint, **values)
        if found is None or not endpoint.startswith(PUBLIC):
            return to
        return _inside(found, endpoint, values, to)

    app.jinja_env.globals |= {"url_for": address, "preview": lambda: g.get("preview")}


@pages.get(f"{PREVIEW}<path:rest>")
def page(association: str, cycle: str, rest: str) -> ResponseReturnValue:
    """A public page of the candidate; without one, where it is made."""
    with reading() as session:
        held = cycles.find(session, association, cycle)
        candidate = candidates.current(session, held)
        if candidate is None:
            return redirect(url_for("publication.show", association=association, cycle=cycle), 303)
        told = notices.values(session, association, 0, now())
        today = associations.day(associations.find(session, association), now())
        opened = draft(session, held, candidate)
    g.preview = _preview(cycle, candidate, opened, told, today.isoformat())
    try:
        return _made(association, rest)
    finally:
        opened.close()


def _made(association: str, rest: str) -> ResponseReturnValue:
    if rest.startswith(FILES):
        return _file(rest.removeprefix(FILES))
    matcher = current_app.url_map.bind("localhost")
    named = "" if rest == RANKING else rest
    endpoint, values = matcher.match(f"/{association}/{g.language}/{named}", "GET")
    if not endpoint.startswith(PUBLIC):
        abort(404)
    kept = {name: value for name, value in values.items() if name != "lang"}
    made: Any = current_app.view_functions[endpoint](**kept)
    return cast(ResponseReturnValue, made)


def _file(name: str) -> ResponseReturnValue:
    body, etag = edition_page.download(g.preview, name)
    content = BytesIO(body.read_bytes()) if isinstance(body, Path) else body
    kind = edition_page.type_of(name)
    return send_file(content, kind, as_attachment=True, download_name=name, etag=etag)


def _preview(
    cycle: str, candidate: Candidate, opened: Draft, told: dict[str, Any], today: str
) -> Preview:
    listed = {
        "cycle": cycle,
        "number": candidate.number,
        "digest": candidate.digest,
        "published_on": today,
        "as_of": candidate.contents["cycle"]["as_of"],
        "reason": candidate.reason,
    }
    notice = told | {"editions": [listed, *told["editions"]]}
    manifest = candidate.contents | {"published_on": today, "published_at": today}
    return Preview(cycle, Drafted(opened, manifest, _key(candidate.association)), notice)


def _key(association: str) -> Ed25519PublicKey | None:
    try:
        return signature.public(settings().keys, association)
    except NotFound:
        return None


def _inside(found: Preview, endpoint: str, values: Mapping[str, Any], to: str) -> str:
    """The address in the preview of what stands at a public one."""
    association, manifest = found.notice["association"]["code"], found.bundle.manifest
    place = {"association": association, "cycle": found.cycle, "lang": g.language}
    if endpoint == "public.download":
        is_own = (values["cycle"], values["number"]) == (found.cycle, manifest["number"])
        rest = f"{FILES}{values['name']}"
        return url_for("preview.page", rest=rest, **place) if is_own else to
    start = f"/{association}/{g.language}/"
    if not to.startswith(start):
        return to
    path, asks, query = to.removeprefix(start).partition("?")
    return url_for("preview.page", rest=path or RANKING, **place) + asks + query
