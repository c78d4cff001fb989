"""The application: the one place where the parts meet."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from rankings import db
from rankings.settings import Settings
from rankings.web import errors, languages, public
from rankings.web.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """An application over the settings' database, whose tables must exist."""
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=None)
    app.secret_key = settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = 10_000_000
    app.extensions["engine"] = db.connect(settings.database_url)
    app.extensions["shelf"] = Shelf(app.extensions["engine"], settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRFProtect(app)
    languages.register(app)
    errors.register(app)
    app.register_blueprint(public.pages)
    style = (ROOT / "templates" / "style.css").read_text("utf-8").strip()
    app.jinja_env.globals["style"] = style
    app.after_request(_sealed(style))
    return app


def _sealed(style: str) -> Callable[[Response], Response]:
    """Headers for every answer: nothing but our own inline style, and an ETag of the bytes."""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )

    def seal(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if response.status_code == 200 and request.method in ("GET", "HEAD"):
            if response.get_etag()[0] is None:
                response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
            response.make_conditional(request)
        return response

    return seal
