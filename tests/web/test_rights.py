"""Every cell of the table of rights: each view by each role on its own and on others' things."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from rankings import db
from rankings.models import JournalEntry
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
STATES = ("draft", "submitted")
REFUSED = (401, 403, 404, 409)
ALLOWED = {200, 303, 404, 422}


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

    @property
    def names_agency(self) -> bool:
        return "<agency>" in self.right.address

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
        cell = self.right[self.who]
        if cell == "own" and self.relation == "other agency":
            return {404}
        if not cell:
            others = {self.right[role] for role in ROLES}
            return {403} if others else set()
        locked = self.right.when == "draft" and self.state == "submitted"
        return {409} if locked else ALLOWED - {404}


def cells(state: str) -> Iterator[Cell]:
    for right in RIGHTS.values():
        if right["anyone"]:
            continue
        for relation in RELATIONS:
            if relation == "other agency" and "<agency>" not in right.address:
                continue
            if relation == "other association" and "<association>" not in right.address:
                continue
            for who in (None, *EVERYBODY):
                yield Cell(right, who, relation, state)


def ask(held: Members, cell: Cell) -> TestResponse:
    """The request of a cell, with nothing in its form but a valid token."""
    values = held.things[RELATIONS[cell.relation]]
    if cell.right.method == "POST" and 303 in cell.expected():
        values = held.fresh(*RELATIONS[cell.relation])
    client = held.client(cell.who)
    path = held.path(cell.right, values)
    return client.open(path, method=cell.right.method, data=held.form(cell.right), buffered=True)


def entries(held: Members) -> list[JournalEntry]:
    with db.reading(held.engine) as session:
        return list(session.exec(select(JournalEntry)))


def told(body: bytes) -> str:
    """A body as text; the parts of a packed file are unpacked."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


@pytest.mark.parametrize("state", STATES)
def test_every_cell_is_as_the_table_says(held: Members, state: str) -> None:
    if state == "submitted":
        held.submit_all()
    wrong = []
    for cell in cells(state):
        answer = ask(held, cell)
        if answer.status_code not in cell.expected():
            wrong.append(f"{cell}: {answer.status_code}, not {cell.expected()}")
        if CANARY in told(answer.get_data()) or CANARY in str(answer.headers):
            wrong.append(f"{cell}: tells what belongs to another association")
    assert wrong == []


def test_every_refusal_leaves_one_entry_of_who_was_refused(held: Members) -> None:
    wrong = []
    for cell in cells("draft"):
        if cell.expected() & set(REFUSED) and (cell.who or cell.right.method == "POST"):
            before = {one.id for one in entries(held)}
            answer = ask(held, cell)
            new = [one for one in entries(held) if one.id not in before]
            noted = [one for one in new if one.action == "was refused"]
            who = str(held.accounts[cell.who]) if cell.who else journal.NOBODY
            if answer.status_code >= 400 and [one.who for one in noted] != [who]:
                wrong.append(f"{cell}: {[(one.who, one.action) for one in new]}")
    assert wrong == []


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
        assert set(right.cells.values()) <= {"", "yes", "own"}
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
