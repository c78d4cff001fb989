"""What all help pages share: their address, their headers, and how little they remember."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import flask
from cachetools import TTLCache
from flask import Blueprint, Response, current_app, request
from flask_wtf import CSRFProtect
from itsdangerous import BadData, URLSafeSerializer

from rankings.adapters.catalogues import LANGUAGES
from rankings.adapters.receipts import Receipts
from rankings.web import now, settings

NAME = "help"
pages = Blueprint(NAME, __name__)
PLACE = f"/<association>/<any({', '.join(LANGUAGES)}):lang>/help"

STYLE = (
    (Path(__file__).resolve().parents[2] / "templates" / "help" / "style.css")
    .read_text("utf-8")
    .strip()
)
SECONDS = 2 * 60 * 60
NONCE_BYTES = 32
# Of one address in an hour: tries with a wrong number, and forms that were sent.
TRIES, SENDINGS, HOUR = 10, 20, 60 * 60
ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Where:
    """The association of the address, as it stands there: a refusal asks no database."""

    id: str


class Request(flask.Request):
    """Papers for the help pages stay in memory: a temporary file can be read from the disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.blueprint == NAME:
            return BytesIO()
        return super()._get_file_stream(
            total_content_length, content_type, filename, content_length
        )


class Tally:
    """Counts by address for an hour, in memory, under a key that ends with the process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._secret = secrets.token_bytes(NONCE_BYTES)
        self._counts: TTLCache[bytes, int] = TTLCache(ADDRESSES, HOUR)

    def is_full(self) -> bool:
        """Has the address of this request used up its hour?"""
        return self._counts.get(self._key(), 0) >= self._most

    def count(self) -> None:
        """One more from the address of this request; the hour begins anew with each."""
        key = self._key()
        self._counts[key] = self._counts.get(key, 0) + 1

    def _key(self) -> bytes:
        address = (request.remote_addr or "").encode()
        return hmac.digest(self._secret, address, "sha256")


def register(app: flask.Flask, guard: CSRFProtect) -> None:
    """The help pages, their tallies and their style; their forms have tokens of their own."""
    app.request_class = Request
    app.extensions["help_tries"], app.extensions["help_sendings"] = Tally(TRIES), Tally(SENDINGS)
    app.jinja_env.globals |= {"help_style": STYLE, "help_token": token}
    guard.exempt(pages)
    app.register_blueprint(pages)


def receipts() -> Receipts:
    """What makes and opens receipts."""
    found: Receipts = current_app.extensions["receipts"]
    return found


def tries() -> Tally:
    """Tries with a wrong number, by address."""
    found: Tally = current_app.extensions["help_tries"]
    return found


def sendings() -> Tally:
    """Forms that were sent, by address."""
    found: Tally = current_app.extensions["help_sendings"]
    return found


def token() -> str:
    """A fresh token for one form: signed, good for two hours and for one thing."""
    until = int(now().timestamp()) + SECONDS
    return str(_signer().dumps([secrets.token_hex(NONCE_BYTES), until]))


class Stale(Exception):
    """The form is ours but older than two hours."""


class Forged(Exception):
    """The form is not ours, or another site sent it."""


def nonce() -> bytes:
    """The random number of the form that was sent; raises Forged or Stale."""
    if not _is_from_here():
        raise Forged
    try:
        drawn, until = _signer().loads(request.form.get("token", ""))
    except BadData as error:
        raise Forged from error
    if until < now().timestamp():
        raise Stale
    return bytes.fromhex(drawn)


def _is_from_here() -> bool:
    """As far as the browser says so.

    Since our pages send no referrer, browsers say `null` of their own forms; then only
    Sec-Fetch-Site tells, and where an old browser has none, the token.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin", "null")
    hosts = (request.host, urlsplit(settings().base_url).netloc)
    return origin == "null" or origin.partition("://")[2] in hosts


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        str(current_app.secret_key),
        salt="help form",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )


@pages.after_request
def _quiet(response: Response) -> Response:
    """Our two styles and nothing else; what a browser kept of these pages is to go."""
    both = (str(current_app.jinja_env.globals["style"]), STYLE)
    digests = [b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in both]
    styles = " ".join(f"'sha256-{digest}'" for digest in digests)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {styles}; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
