"""Asking an application for pages and files, and its shelf for what stands in them."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rankings.web.shelf import Published, Shelf
from tests.web.names import FIRST, places
from tests.web.reading import Read, read


def address(page: str, language: str, association: str = "vidu", agency: str = "") -> str:
    """Where a kind of page is; the agency is the association's first one unless named."""
    known = places(association, language, agency or FIRST[association])
    return ({"home": "/"} | known)[page]


def get(
    client: FlaskClient, page: str, language: str, association: str = "vidu", agency: str = ""
) -> str:
    """A page that must be there."""
    return there(client, address(page, language, association, agency), language).text


def there(client: FlaskClient, path: str, language: str = "en") -> TestResponse:
    """The answer to a question that must have one."""
    answer = client.get(path, headers={"Accept-Language": language}, buffered=True)
    assert answer.status_code == 200, path
    return answer


def seen(client: FlaskClient, path: str) -> Read:
    """A page that must be there, read."""
    return read(there(client, path).text)


def shelf(app: Flask) -> Shelf:
    found: Shelf = app.extensions["shelf"]
    return found


def current(app: Flask, association: str = "vidu") -> Published:
    return shelf(app).current(association)


def entries(app: Flask, association: str = "vidu") -> list[dict[str, Any]]:
    """The lines of the current ranking, the rated first."""
    found: list[dict[str, Any]] = current(app, association).part("ranking")["entries"]
    return found


def rated(app: Flask, association: str = "vidu") -> list[dict[str, Any]]:
    return [entry for entry in entries(app, association) if entry["state"] == "rated"]


def unrated(app: Flask, association: str = "vidu") -> list[dict[str, Any]]:
    return [entry for entry in entries(app, association) if entry["state"] != "rated"]
