"""A worker's browser: the help pages of one association whose complaints can be taken in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from rankings import db
from rankings.adapters import vault
from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import Receipts
from rankings.app import create_app
from rankings.models import ComplaintCase
from rankings.usecases import complaint_items, complaint_keys, help_lines, journal
from tests.usecases import world
from tests.web import small

HELP = "/alpha/en/help"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
GROUPS = re.compile(r"<span>(\d{4})</span>")
COMPANY, STORY = "Ví Dụ Một", "They keep my passport and took 3,000 dollars."
LINE = help_lines.Line("help", "1800 123", {"en": "Advice"}, {"en": "8 to 17"}, ["vi", "en"], True)
URGENT = help_lines.Line("urgent", "113", {"en": "Police"}, {}, ["vi"], True)


@dataclass
class Helping:
    """The application, its clock, and what an officer's host would see."""

    app: Flask
    engine: Engine
    keys: PrivateKeys
    now: datetime = datetime(2026, 3, 1, 3, tzinfo=UTC)
    key: UUID = field(default_factory=uuid4)

    @property
    def receipts(self) -> Receipts:
        found: Receipts = self.app.extensions["receipts"]
        return found

    def wait(self, **more: float) -> None:
        self.now += timedelta(**more)

    def browser(self, address: str = "192.0.2.1", agent: str = "A browser") -> Phone:
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        client.environ_base["HTTP_USER_AGENT"] = agent
        return Phone(client)

    def make_key(self) -> UUID:
        private, public = vault.make()
        key = uuid4()
        self.keys.put("alpha", key, private)
        with db.transaction(self.engine) as session:
            act = journal.Act(journal.OPERATOR, self.now)
            complaint_keys.add(session, "alpha", key, public, act)
        return key

    def cases(self) -> list[ComplaintCase]:
        with db.reading(self.engine) as session:
            return list(session.exec(select(ComplaintCase)))

    def contents(self, case: ComplaintCase) -> list[dict[str, str]]:
        """All things of a case, opened with the association's private key."""
        key = complaint_items.case_key(case, self.keys.unwrap)
        with db.reading(self.engine) as session:
            found = complaint_items.read(
                session, case, lambda sealed, name: vault.unseal(key, sealed, name)
            )
            return [document | {"kind": item.kind} for item, document in found]


@dataclass
class Phone:
    """One browser of a worker."""

    client: FlaskClient

    def get(self, path: str = "/", **headers: str) -> TestResponse:
        return self.client.get(HELP + path, headers=headers)

    def token(self, page: str = "/write") -> str:
        return token(self.get(page))

    def send(self, **more: str) -> TestResponse:
        """Fills in the form and sends it."""
        given = {"company": COMPANY, "happened": STORY} | more
        given["token"] = more["token"] if "token" in more else self.token()
        return self.client.post(f"{HELP}/write", data=given)

    def open(self, number: str, path: str = "", **more: object) -> TestResponse:
        """Sends the number to one of the pages behind it."""
        data = {"token": self.token("/number"), "number": number} | more
        return self.client.post(f"{HELP}/number{path}", data=data)


def token(answer: TestResponse) -> str:
    found = TOKEN.search(answer.text)
    assert found, answer.text
    return found[1]


def number(answer: TestResponse) -> str:
    """The number on the page after sending."""
    return "".join(GROUPS.findall(answer.text))


def helping(engine: Engine, folder: Path, *, has_key: bool = True) -> Helping:
    """The application over a database with an association, an agency, lines and a key."""
    app = create_app(small.settings(engine, folder))
    app.extensions["receipts"] = Receipts("secret", kibibytes=8, passes=1)
    found = Helping(app, engine, PrivateKeys(folder / "complaint-keys"))
    app.extensions["clock"] = lambda: found.now
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        act = journal.Act(journal.OPERATOR, found.now)
        seen = help_lines.token([])
        help_lines.save(session, "alpha", [LINE, URGENT], seen, act)
    if has_key:
        found.key = found.make_key()
    return found
