"""The doors of the application: a clock that is set by hand, a quick hasher, browsers."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.test import TestResponse

from rankings import db
from rankings.adapters.passwords import Hasher
from rankings.app import create_app
from rankings.models import Account
from rankings.usecases import accounts, journal, second_factor, sign_ins
from rankings.usecases.sign_ins import SignedIn
from rankings.web.access import TOKEN
from tests.usecases import world
from tests.web import small

PASSWORD, OTHER_PASSWORD = "four quiet cats nap", "five loud dogs bark"
EN = "/account/en"
TOKEN_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Doors:
    """The application with people who can get in."""

    app: Flask
    engine: Engine
    now: datetime = datetime(2026, 3, 1, 3, tzinfo=UTC)
    apps: dict[str, pyotp.TOTP] = field(default_factory=dict)

    @property
    def hasher(self) -> Hasher:
        found: Hasher = self.app.extensions["hasher"]
        return found

    def wait(self, **more: float) -> None:
        self.now += timedelta(**more)

    def act(self) -> journal.Act:
        return journal.Act(journal.OPERATOR, self.now)

    def person(self, name: str, *, enrolled: bool = True, is_operator: bool = False) -> Account:
        """Somebody with the usual password, and a second factor unless said."""
        with db.transaction(self.engine) as session:
            newcomer = accounts.Newcomer(name.title(), "en", self.hasher.hash(PASSWORD))
            made = accounts.add(session, email(name), newcomer, self.act(), is_operator)
            if enrolled:
                self._enrol(session, made)
        self.hasher.runs = 0
        return made

    def _enrol(self, session: Session, account: Account) -> None:
        sealer = self.app.extensions["sealer"]
        secret, sealed = second_factor.enrol(sealer.seal)
        self.apps[account.email] = pyotp.TOTP(secret)
        code = self.apps[account.email].at(self.now - timedelta(minutes=5))
        before = journal.Act(str(account.id), self.now - timedelta(minutes=5))
        second_factor.confirm(session, account.id, sealed, code, sealer.open, before)

    def code(self, name: str) -> str:
        """What the person's app shows."""
        return self.apps[email(name)].at(self.now)

    def browser(self, address: str = "192.0.2.1") -> Tab:
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return Tab(self, client)

    def entered(self, name: str, address: str = "192.0.2.1") -> Tab:
        """A browser in which somebody is signed in with both factors."""
        tab = self.browser(address)
        assert tab.sign_in(name).status_code == 303
        self.wait(seconds=30)
        assert tab.post(f"{EN}/code", code=self.code(name)).status_code == 303
        return tab


@dataclass
class Tab:
    """One browser."""

    doors: Doors
    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, page: str = "", **fields: str) -> TestResponse:
        """Sends the form of a page: of `page`, else of the same address."""
        shown = self.client.get(page or path, follow_redirects=True)
        found = TOKEN_FIELD.search(shown.text)
        token = html.unescape(found[1]) if found else ""
        return self.client.post(path, data={"csrf_token": token} | fields)

    def sign_in(self, name: str, password: str = PASSWORD, query: str = "") -> TestResponse:
        path = f"{EN}/sign-in{query}"
        return self.post(path, email=email(name), password=password)

    @property
    def token(self) -> str:
        """What the signed cookie holds."""
        with self.client.session_transaction() as cookie:
            return str(cookie.get(TOKEN, ""))

    def who(self, token: str | None = None) -> SignedIn | None:
        """Whom the browser, or another token, belongs to."""
        with db.reading(self.doors.engine) as session:
            return sign_ins.current(session, token or self.token, self.doors.now)


def email(name: str) -> str:
    return name if "@" in name else f"{name}@example.org"


def doors(engine: Engine, folder: Path) -> Doors:
    """The application over a database with one association and one agency."""
    app = create_app(small.settings(engine, folder))
    app.extensions["hasher"] = Hasher(kibibytes=8, passes=1, lanes=1)
    found = Doors(app, engine)
    app.extensions["clock"] = lambda: found.now
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
    return found


def link_on(answer: TestResponse) -> str:
    """The path of the link that a page hands over."""
    found = re.search(r'id="link"[^>]*>([^<]+)<', answer.text)
    assert found
    return urlsplit(html.unescape(found[1])).path


def bare(answer: TestResponse) -> tuple[int, str, dict[str, str]]:
    """An answer without what differs from one time to the next."""
    left = ("Set-Cookie", "Content-Length")
    kept = {name: text for name, text in answer.headers.items() if name not in left}
    # The links to other languages repeat the address of the page.
    rest = answer.request.path.partition("/en/")[2]
    return answer.status_code, TOKEN_FIELD.sub("", answer.text).replace(rest, ""), kept
