"""Forged requests change nothing: no token, another's token, fields that no form has."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlmodel
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from rankings import db
from rankings.models import Agency, AssessmentCycle, JournalEntry
from rankings.usecases import journal
from rankings.web.access import RIGHTS, ROLES, Right
from tests.web import (
    members,
    members_audits,
    members_calendar,
    members_cases,
    members_copies,
    members_hearing,
    members_interviews,
    members_registry,
    members_requests,
    members_schedule,
)
from tests.web.members import CANARY, OURS, OWN, PLATFORM, THEIRS, Members
from tests.web.serving import stop

AGENCIES, CYCLES = sqlmodel.select(Agency), sqlmodel.select(AssessmentCycle)
POSTS = [right for right in RIGHTS.values() if right.method == "POST"]
# What is new in every row, or says when somebody was last here.
BY_CHANCE = {
    *("id", "token_hash", "salt", "digest", "hash", "previous", "entry", "password_hash"),
    *("code_hash", "seen_at", "totp_secret", "number", "key", "account", "details"),
    *("sealed", "wrapped_key", "own_key", "receipt_key", "receipt_hash", "public_key"),
}
DRAWN = re.compile(r"[\w-]{32,}")
# What a browser of the tests leaves by itself.
SIGNING = {"signed in", "proved the second factor"}
QUIET = {"sign_in", "throttle"}
HEADERS: list[dict[str, str]] = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "\u00e9"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Referer": "https://evil.example/"},
    {"Content-Type": "application/json"},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "text/plain; charset=nonsense"},
    {"X-CSRFToken": "nonsense"},
    {"Cookie": "rankings=nonsense"},
]


# The token is asked for before any database is.
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Members]:
    found = members.members(engine, tmp_path)
    yield found
    stop(found.app)


def everything(held: Members) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but the journal, without what is drawn by chance."""
    found = {}
    with db.reading(held.engine) as session:
        for name, one in SQLModel.metadata.tables.items():
            if name.startswith("journal") or name in QUIET:
                continue
            columns = [column for column in one.columns if column.name not in BY_CHANCE]
            rows = session.connection().execute(select(*columns)).all()
            found[name] = sorted(tuple(map(str, row)) for row in rows)
    return found


def who_may(right: Right) -> str | None:
    """Somebody who has the right; nobody for what is for everybody."""
    if right["anyone"]:
        return None
    return next(one for one in (*ROLES, PLATFORM) if right[one] or right["signed_in"])


@on_sqlite
def test_a_post_without_its_token_is_refused_and_changes_nothing(held: Members) -> None:
    other = URLSafeTimedSerializer("secret", "wtf-csrf-token").dumps("raw token of somebody else")
    before = everything(held)
    wrong: list[object] = []
    for right in POSTS:
        path = held.path(right, held.things[OURS, OWN])
        client = held.client(who_may(right))
        for sent in ({}, {"csrf_token": other}, {"csrf_token": "x"}, {"csrf_token": ""}):
            status = client.post(path, data=sent).status_code
            if status != 400:
                wrong.append((right.endpoint, sent, status))
        in_query = client.post(path, query_string={"csrf_token": held.token}).status_code
        if in_query != 400:
            wrong.append((right.endpoint, "query", in_query))
    assert wrong == []
    assert everything(held) == before


@on_sqlite
def test_no_header_opens_a_post_or_breaks_it(held: Members) -> None:
    before = everything(held)
    wrong = []
    for right in POSTS:
        client = held.client(who_may(right))
        path = held.path(right, held.things[OURS, OWN])
        for headers in HEADERS:
            status = client.post(path, data=b"a=b", headers=headers).status_code
            if status not in (400, 415):
                wrong.append((right.endpoint, headers, status))
    assert wrong == []
    assert everything(held) == before


def test_reading_changes_nothing(held: Members) -> None:
    before = everything(held)
    for right in RIGHTS.values():
        if right.method == "GET" and right.endpoint != "static":
            values = held.things[OURS, OWN] | {"code": OWN, "number": 1, "name": "ranking.csv"}
            for method in ("GET", "HEAD"):
                held.client(who_may(right)).open(
                    held.path(right, values), method=method, buffered=True
                )
    assert everything(held) == before


def fields(held: Members) -> dict[str, str]:
    """Every column of every table, and values that would do harm."""
    theirs = held.things[THEIRS, OWN]
    found: dict[str, str] = {"score": "100", "weight": "100", "status": "published"}
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            found[column.name] = _harm(column.name, theirs)
    return found


def _harm(column: str, theirs: Mapping[str, Any]) -> str:
    known = {"association": THEIRS, "agency": str(theirs["agency"]), "role": "secretariat"}
    if column in known:
        return known[column]
    if column.endswith(("_at", "_on")):
        return "2020-01-01"
    return "1" if column.startswith(("is_", "has_")) else str(theirs["id"])


# What the forms ask for; all else must change nothing.
PAYLOADS: dict[str, dict[str, str]] = {
    **members_audits.PAYLOADS,
    **members_calendar.PAYLOADS,
    **members_cases.PAYLOADS,
    **members_hearing.PAYLOADS,
    **members_interviews.PAYLOADS,
    **members_registry.PAYLOADS,
    **members_requests.PAYLOADS,
    **members_schedule.PAYLOADS,
    "agency.save_answer": {"note": "A true note", "answer": "", "seen": ""},
    "agency.submit": {"confirmed": "yes"},
    "people.invite": {"email": "new@example.org", "role": "auditor", "agency": ""},
    "account.speak": {"language": "vi"},
    "platform.invite": {"association": OURS, "email": "new@example.org"},
    "platform.reset": {"email": "agency.member@example.org"},
    "workbook.apply": {},
    "people.end": {},
    "people.withdraw": {},
    "evidence.remove": {},
    "account.end_sign_in": {},
    "account.end_others": {},
    "account.sign_out": {},
    "factor.renew_recovery": {},
    "platform.disable": {},
    "platform.enable": {},
    "rating_requests.ask": {"reason": "The branch is closed."},
}


def payload(held: Members, right: Right) -> dict[str, str]:
    """A form as it is meant to be."""
    sent = dict(PAYLOADS.get(right.endpoint, {}))
    sent |= members_audits.filled(held.accounts, OWN, right.endpoint)
    if right.endpoint == "agency.save_answer":
        sent |= held.unchanged | {"note": "A true note", "seen": held.seen}
    return sent


def after(held: Members, right: Right, more: Mapping[str, str]) -> Any:
    """What everything is after a form was sent, with more fields than it has."""
    path = held.path(right, held.things[OURS, OWN])
    sent = payload(held, right)
    data = dict(more) | {"csrf_token": held.token} | sent
    held.client(who_may(right)).post(path, data=data, buffered=True)
    return named(held)


def test_every_change_leaves_an_entry_of_who_made_it(held: Members) -> None:
    changed, silent = set(), set()
    for right in POSTS:
        who = who_may(right)
        path = held.path(right, held.fresh(OURS, OWN))
        before, known = everything(held), journal_ids(held)
        data = {"csrf_token": held.token} | payload(held, right)
        held.client(who).post(path, data=data, buffered=True)
        if everything(held) != before:
            changed.add(right.endpoint)
            actor = str(held.accounts[who]) if who else journal.NOBODY
            new = [one for one in entries(held) if one.id not in known]
            if not any(one.who == actor and one.action not in SIGNING for one in new):
                silent.add(right.endpoint)
    assert silent == set()
    assert {"agency.save_answer", "agency.submit", "people.invite", "people.end"} <= changed


def entries(held: Members) -> list[JournalEntry]:
    with db.reading(held.engine) as session:
        return list(session.exec(sqlmodel.select(JournalEntry)))


def journal_ids(held: Members) -> set[UUID]:
    return {one.id for one in entries(held)}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Members:
    """A database of which copies are made."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copy(migrated_file, folder / "db.sqlite")
    engine = db.connect(f"sqlite:///{folder / 'db.sqlite'}")
    held = members.members(engine, folder)
    stop(held.app)
    engine.dispose()
    return held


@pytest.mark.parametrize("right", POSTS, ids=lambda right: right.endpoint)
def test_fields_that_no_form_has_change_nothing(
    right: Right, first: Members, tmp_path: Path
) -> None:
    """The same form on two databases that are alike, once with every column of every table."""
    ends = []
    for forged in (False, True):
        folder = tmp_path / str(forged)
        shutil.copytree(str(first.engine.url.database).removesuffix("/db.sqlite"), folder)
        held = members_copies.copied(first, folder)
        ends.append(after(held, right, fields(held) if forged else {}))
        stop(held.app)
        held.engine.dispose()
    assert ends[0] == ends[1]


def named(held: Members) -> Any:
    """All rows, with agencies, cycles and people by their names instead of their keys."""
    with db.reading(held.engine) as session:
        names = {str(one.id): f"{one.association} {one.code}" for one in session.exec(AGENCIES)}
        names |= {str(one.id): f"{one.association} cycle" for one in session.exec(CYCLES)}
    names |= {str(key): who for who, key in held.accounts.items()}
    return {
        table: sorted(tuple(_named(names, value) for value in row) for row in rows)
        for table, rows in everything(held).items()
    }


def _named(names: Mapping[str, str], value: str) -> str:
    try:
        return names.get(value) or ("another key" if UUID(value) else value)
    except ValueError:
        # Emails and digests of the things that are used up carry a random number.
        return DRAWN.sub("#", value)


def test_the_mark_of_another_association_is_planted(held: Members) -> None:
    assert any(CANARY in str(rows) for rows in everything(held).values())
