"""The language of a page: it is in the path; on the front page the browser is asked."""

from __future__ import annotations

from typing import Any

from babel.support import NullTranslations
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, gettext

from rankings.adapters.catalogues import LANGUAGES, translations

NAMES = {
    "en": "English",
    "vi": "Tiếng Việt",
    "km": "ភាសាខ្មែរ",
    "my": "မြန်မာ",
    "ja": "日本語",
}


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel has no types
    """All catalogues, read once at the start."""

    def __init__(self) -> None:
        super().__init__()
        self.catalogues = {language: translations(language) for language in LANGUAGES}

    def get_translations(self) -> NullTranslations:
        return self.catalogues[str(get_locale() or "en")]


def say(message: str, **values: object) -> str:
    """An interface text in the language of the page; imported as `_`, which `pybabel` looks for."""
    return str(gettext(message, **values))


def register(app: Flask) -> None:
    """Take `lang` out of every address and speak it."""
    Babel(app, locale_selector=language)
    app.url_value_preprocessor(_take)
    app.before_request(Catalogues().as_default)
    app.after_request(_varies)
    app.jinja_env.globals |= {"languages": NAMES, "language": language, "in_language": _in}

    @app.url_defaults
    def give(endpoint: str, values: dict[str, Any]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values.setdefault("lang", language())


def _take(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.language = (values or {}).pop("lang", None)


def language() -> str:
    """The language of this answer: of the path, else of the browser, else English."""
    if not has_request_context():
        return "en"
    segment = (*request.path.split("/"), "", "")[2]
    asked = segment if segment in LANGUAGES else g.get("language")
    return asked or _preferred()


def _preferred() -> str:
    """The first language of the browser that we speak: `km-KH` before `en` is Khmer."""
    wishes = (wish.partition("-")[0].lower() for wish, much in request.accept_languages if much)
    return next((wish for wish in wishes if wish in LANGUAGES), "en")


def _varies(response: Response) -> Response:
    """Where the path names no language, caches must keep the answers apart; files have none."""
    if not g.get("language") and not response.headers.get("Content-Disposition"):
        response.vary.add("Accept-Language")
    return response


def _in(other: str) -> str:
    """The address of this page in another language."""
    segments = request.path.split("/")
    if len(segments) > 2 and segments[2] in LANGUAGES:
        segments[2] = other
    return "/".join(segments)
