"""Every cell of the table of rights: each view by each role on its own and on others' things."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import and_, col, func, or_, select
from werkzeug.test import TestResponse

from rankings import db, journaling
from rankings.models import JournalEntry, JournalSeal
from rankings.usecases import journal
from rankings.web.access import RIGHTS, ROLES, TABLE, Right, table
from tests.web import members
from tests.web.members import CANARY, EVERYBODY, OTHER, OURS, OWN, PLATFORM, THEIRS, Members
from tests.web.serving import stop

RELATIONS = {
    "own agency": (OURS, OWN),
    "other agency": (OURS, OTHER),
    "other association": (THEIRS, OWN),
}
# What an address must name for there to be such a relation: an agency, or what is given to one
# person. Of these the ones of our other agency are somebody else's.
NAMED = ("<agency>", "<uuid:audit>", "<uuid:opinion>", "<uuid:case>")
RELATIONS_NAMED = {
    "own agency": ("",),
    "other agency": NAMED,
    "other association": ("<association>",),
}
CHAINS = (journal.NO_ASSOCIATION, OURS, THEIRS)
STATES = ("draft", "submitted")
ALLOWED = {200, 303, 404, 422}
FULL = "RANKINGS_TEST_FULL" in os.environ


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Members]:
    found = members.members(engine, tmp_path)
    yield found
    stop(found.app)


@dataclass(frozen=True)
class Cell:
    """One request: who asks for which page about whose things."""

    right: Right
    who: str | None
    relation: str
    state: str

    def expected(self) -> set[int]:
        """The statuses of the answer that the table promises."""
        if self.who is None:
            return {303} if self.right.method == "GET" else {401}
        if self.right["signed_in"]:
            return ALLOWED
        if self.right[PLATFORM]:
            return ALLOWED if self.who == PLATFORM else {403}
        if self.relation == "other association" or self.who not in ROLES:
            return {404}
        return self._by_role(self.right[self.who])

    def _by_role(self, cell: str) -> set[int]:
        if cell in ("own", "assigned") and self.relation == "other agency":
            return {404}
        if not cell:
            return {403}
        locked = self.right.when == "draft" and self.state == "submitted"
        return {409} if locked else ALLOWED - {404}


def cells(state: str) -> Iterator[Cell]:
    """Everybody asks for everything; what is locked later is asked for again then."""
    for right in RIGHTS.values():
        asked = not right["anyone"] and (state == "draft" or "<agency>" in right.address)
        for relation, named in RELATIONS_NAMED.items() if asked else ():
            if any(name in right.address for name in named):
                yield from (Cell(right, who, relation, state) for who in (None, *EVERYBODY))


def asked_for(held: Members, state: str) -> Iterator[Cell]:
    """Every cell; usually one in four on PostgreSQL and the others on SQLite."""
    on_sqlite = held.engine.dialect.name == "sqlite"
    lines = {endpoint: number for number, endpoint in enumerate(RIGHTS)}
    for number, cell in enumerate(cells(state)):
        is_sample = (number + lines[cell.right.endpoint]) % 4 == 0
        if FULL or is_sample != on_sqlite:
            yield cell


class Crawl:
    """Sends the request of each cell; sign-ins are used again until a cell may end them."""

    def __init__(self, held: Members) -> None:
        self.held = held
        self.clients: dict[str | None, FlaskClient] = {}
        self.newest: dict[str, int] = {}

    def ask(self, cell: Cell) -> tuple[TestResponse, list[JournalEntry]]:
        """The answer to a cell, and what it left in the journal; its form is as it should be."""
        held, right, where = self.held, cell.right, RELATIONS[cell.relation]
        changes = right.method == "POST" and 303 in cell.expected()
        values = held.fresh(*where) if changes else held.things[where]
        if changes or cell.who not in self.clients:
            client = self.clients.pop(cell.who, None) or held.client(cell.who)
            # Signing in and making things left entries of their own.
            self.newest = self._chained()
        else:
            client = self.clients.pop(cell.who)
        path, data = held.path(right, values), held.form(right, **held.unchanged)
        answer = client.open(path, method=right.method, data=data, buffered=True)
        if not changes:
            self.clients[cell.who] = client
        return answer, self._new(right, answer)

    def _new(self, right: Right, answer: TestResponse) -> list[JournalEntry]:
        """Entries since the last look; reading leaves none, or they are seen at the next look."""
        if right.method == "GET" and answer.status_code < 400:
            return []
        before, self.newest = self.newest, self._chained()
        return self._since(before) if before != self.newest else []

    def _chained(self) -> dict[str, int]:
        """The newest number of each chain, once everything is sealed."""
        there, newest = self._counted()
        waiting = [chain for chain in CHAINS if there.get(chain, 0) != newest.get(chain, 0)]
        for chain in waiting:
            journaling.seal(self.held.engine, self.held.data, chain)
        return self._counted()[1] if waiting else newest

    def _counted(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many entries each journal has, and the newest number of its chain, from 1 on."""
        entries = select(JournalEntry.association, func.count())
        seals = select(JournalSeal.association, func.max(JournalSeal.number))
        with db.reading(self.held.engine) as session:
            there = session.exec(entries.group_by(col(JournalEntry.association))).all()
            return dict(there), dict(session.exec(seals.group_by(JournalSeal.association)).all())

    def _since(self, before: dict[str, int]) -> list[JournalEntry]:
        entry, seal = JournalEntry, JournalSeal
        added = or_(
            *(
                and_(seal.association == chain, seal.number > before.get(chain, 0))
                for chain in CHAINS
            )
        )
        same = and_(col(seal.association) == entry.association, col(seal.entry) == entry.id)
        with db.reading(self.held.engine) as session:
            return list(session.exec(select(entry).join(seal, same).where(added)).all())


def told(body: bytes) -> str:
    """A body as text; the parts of a packed file are unpacked."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


@pytest.mark.parametrize("state", STATES)
def test_every_cell_is_as_the_table_says(held: Members, state: str) -> None:
    """The right status, no word of another association, and an entry for each refusal."""
    if state == "submitted":
        held.submit_all()
    crawl, wrong = Crawl(held), []
    for cell in asked_for(held, state):
        answer, new = crawl.ask(cell)
        wrong += [f"{cell}: {sentence}" for sentence in faults(held, cell, answer, new)]
    assert wrong == []


def faults(
    held: Members, cell: Cell, answer: TestResponse, new: list[JournalEntry]
) -> Iterator[str]:
    """What is wrong with the answer to a cell."""
    status = answer.status_code
    if status not in cell.expected():
        yield f"{status}, not {cell.expected()}"
    # Operators see which associations there are.
    marked = CANARY in told(answer.get_data()) or CANARY in str(answer.headers)
    if marked and not cell.right[PLATFORM]:
        yield "tells what belongs to another association"
    if any(CANARY in f"{one.action}{one.about}" for one in new):
        yield "leaves a mark of another association in the journal"
    if status >= 400 and (cell.who or cell.right.method == "POST"):
        who = str(held.accounts[cell.who]) if cell.who else journal.NOBODY
        if [one.who for one in new] != [who]:
            yield f"left {[(one.who, one.action) for one in new]} in the journal"


def test_every_route_stands_in_the_table_and_every_line_is_a_route(held: Members) -> None:
    routes = {
        rule.endpoint: (rule, (rule.methods or set()) - {"HEAD", "OPTIONS"})
        for rule in held.app.url_map.iter_rules()
    }
    assert sorted(RIGHTS) == sorted(routes)
    for endpoint, right in RIGHTS.items():
        rule, methods = routes[endpoint]
        assert methods == {right.method}, f"{endpoint} takes {methods}"
        assert plain(rule.rule) == plain(right.address), endpoint


def plain(address: str) -> str:
    """An address without the kinds of its variables."""
    parts = address.replace("<any(en, vi, km, my, ja):", "<").replace("<uuid:", "<")
    return parts.replace("<int:", "<").replace("<path:", "<")


def test_reading_and_changing_never_share_a_permission() -> None:
    """A view serves one method, and its line of the table is its permission."""
    assert {right.method for right in RIGHTS.values()} == {"GET", "POST"}
    assert len({right.endpoint for right in RIGHTS.values()}) == len(RIGHTS)


def test_the_table_holds_known_words_only() -> None:
    for right in RIGHTS.values():
        assert set(right.cells) == {"anyone", "signed_in", *ROLES, PLATFORM}
        assert set(right.cells.values()) <= {"", "yes", "own", "assigned"}
        assert right.when in {"", "draft"}
        assert any(right.cells.values()), f"{right.endpoint} is for nobody"


def test_a_view_twice_in_the_table_is_refused() -> None:
    text = TABLE.read_text("utf-8")
    with pytest.raises(ValueError, match="twice"):
        table(text + text.splitlines()[-1])


def test_a_route_that_is_not_in_the_table_is_refused(
    held: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    without: dict[str, Any] = {key: one for key, one in RIGHTS.items() if key != "public.home"}
    monkeypatch.setattr("rankings.web.access.RIGHTS", without)
    assert held.client(None).get("/").status_code == 403


def test_a_right_that_was_taken_away_ends_at_the_next_request(held: Members) -> None:
    for role in ROLES:
        client = held.client(role)
        page = f"/{OURS}/staff/"
        assert client.get(page).status_code == 200
        held.end_membership(role)
        assert client.get(page).status_code in (303, 404)
        assert held.client(role).get(page).status_code == 404
