"""The application: the one place where the parts meet."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from rankings import db
from rankings.adapters.passwords import Hasher
from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import Receipts
from rankings.adapters.sealing import Sealer
from rankings.settings import Settings
from rankings.web import (
    access,
    account,
    account_factor,
    account_links,
    account_platform,
    account_proof,
    agency,
    agency_cases,
    audit,
    audit_workbook,
    audits,
    calendar,
    case,
    case_entry,
    cases,
    corrective_actions,
    declarations,
    desk,
    disputes,
    editions,
    errors,
    evidence,
    hearing,
    hearing_notices,
    help,
    help_lines,
    imports,
    interviews,
    journal_page,
    languages,
    messages,
    method_changes,
    panel,
    people,
    preview,
    public,
    publication,
    rating_requests,
    registry,
    registry_fees,
    registry_links,
    registry_owners,
    replies,
    rubrics,
    run_report,
    schedule_page,
    second_opinions,
    settings_caps,
    settings_page,
    settings_rates,
    signs,
    staff,
    what_if,
    workbook,
)
from rankings.web.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = "public"
PAGES = (
    *(public, account, account_factor, account_links, account_platform, account_proof),
    *(staff, people, journal_page, help_lines, imports, messages, schedule_page),
    *(agency, evidence, workbook, what_if),
    *(registry, registry_owners, registry_links, registry_fees),
    *(declarations, panel, audits, audit, audit_workbook, second_opinions, corrective_actions),
    *(publication, preview, hearing_notices, editions, run_report),
    *(interviews, cases, case, case_entry, agency_cases),
    *(hearing, disputes, replies, calendar),
    *(signs, rating_requests),
    *(settings_page, settings_caps, settings_rates, rubrics, method_changes),
)


def create_app(settings: Settings) -> Flask:
    """An application over the settings' database, whose tables must exist."""
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.secret_key = settings.secret_key
    app.config |= _limits() | _cookie(settings.base_url.startswith("https:"))
    app.extensions["settings"] = settings
    app.extensions["clock"] = lambda: datetime.now(UTC)
    app.extensions["engine"] = db.connect(settings.database_url)
    app.extensions["shelf"] = Shelf(app.extensions["engine"], settings)
    app.extensions["hasher"] = Hasher()
    app.extensions["sealer"] = Sealer(settings.secret_key)
    app.extensions["receipts"] = Receipts(settings.secret_key)
    app.extensions["private_keys"] = PrivateKeys(settings.complaint_keys)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    guard = CSRFProtect(app)
    languages.register(app)
    access.register(app)
    errors.register(app)
    desk.register(app)
    preview.register(app)
    for module in PAGES:
        app.register_blueprint(module.pages)
    help.register(app, guard)
    style = (ROOT / "templates" / "style.css").read_text("utf-8").strip()
    app.jinja_env.globals["style"] = style
    app.after_request(_sealed(style))
    return app


def _limits() -> dict[str, object]:
    """How much one request may send; forms hold a token as long as the sign-in lasts."""
    return {
        "MAX_CONTENT_LENGTH": 10_000_000,
        "MAX_FORM_PARTS": 1_000,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _cookie(secure: bool) -> dict[str, object]:
    """The one cookie; browsers bind the name with `__Host-` to this very host and to TLS."""
    return {
        "SESSION_COOKIE_NAME": "__Host-rankings" if secure else "rankings",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }


def _sealed(style: str) -> Callable[[Response], Response]:
    """Headers for every answer: nothing but our own style and script; public ones may be kept."""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    public_policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    desk_policy = public_policy.replace("style-src", "style-src 'self'")
    desk_policy += "; script-src 'self'; connect-src 'self'"

    def seal(response: Response) -> Response:
        public_page = request.blueprint == PUBLIC or request.endpoint in (None, "static")
        policy = public_policy if public_page else desk_policy
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if not public_page:
            response.headers["Cache-Control"] = "no-store"
        elif response.status_code == 200 and request.method in ("GET", "HEAD"):
            if response.get_etag()[0] is None:
                response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
            response.make_conditional(request)
        return response

    return seal
