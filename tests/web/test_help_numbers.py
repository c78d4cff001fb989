"""Numbers of workers: guessed in vain, and every no looks and costs the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from rankings import db
from rankings.models import ComplaintCase
from rankings.web.help_case import EVERYBODY
from tests.web import helping
from tests.web.helping import HELP, Helping
from tests.web.serving import stop

GUESSES = 1_000


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Helping]:
    (tmp_path / "db.sqlite").write_bytes(migrated_file.read_bytes())
    engine = db.connect(f"sqlite:///{tmp_path / 'db.sqlite'}")
    found = helping.helping(engine, tmp_path)
    yield found
    stop(found.app)
    engine.dispose()


def test_guesses_are_hashed_up_to_the_limit_and_find_nothing(held: Helping) -> None:
    """SEC-RCPT-1: guesses from a hundred addresses within an hour."""
    held.browser().send()
    before = held.receipts.runs
    token, drawn = held.browser().token("/number"), random.Random(7)
    answers = {200: 0, 422: 0, 429: 0}
    for number in range(GUESSES):
        phone = held.browser(f"192.0.2.{number % 100}")
        data = {"token": token, "number": f"{drawn.randrange(10**16):016}"}
        answers[phone.client.post(f"{HELP}/number", data=data).status_code] += 1
    assert held.receipts.runs - before == answers[422] == EVERYBODY
    assert answers[200] == 0


def test_one_address_is_slowed_down_before_the_others(held: Helping) -> None:
    statuses = [held.browser().open("1" * 16).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert held.browser("192.0.2.2").open("1" * 16).status_code == 422


def test_every_outcome_takes_one_hash_and_every_no_is_the_same_page(held: Helping) -> None:
    receipts = [helping.number(held.browser().send(happened=f"story {n}")) for n in range(3)]
    closed, over, right = receipts
    end(held, closed, datetime(2026, 2, 27, tzinfo=UTC))
    end(held, over, datetime(2025, 2, 28, tzinfo=UTC))
    pages = {}
    for name, receipt in (
        ("right", right),
        ("wrong", "1" * 16),
        ("closed", closed),
        ("over", over),
    ):
        before = held.receipts.runs
        pages[name] = held.browser().open(receipt)
        assert held.receipts.runs == before + 1, name
    assert (pages["right"].status_code, pages["closed"].status_code) == (200, 200)
    assert "It is closed" in pages["closed"].text
    assert without_token(pages["wrong"].text) == without_token(pages["over"].text)
    assert pages["wrong"].status_code == pages["over"].status_code == 422
    assert list(pages["wrong"].headers.keys()) == list(pages["over"].headers.keys())
    before = held.receipts.runs
    assert held.browser().open("12").status_code == 422
    assert held.receipts.runs == before


def without_token(page: str) -> str:
    return helping.TOKEN.sub("", page)


def end(held: Helping, receipt: str, moment: datetime) -> None:
    with db.transaction(held.engine) as session:
        lookup = held.receipts.open(receipt).lookup
        case = session.exec(select(ComplaintCase).where(ComplaintCase.receipt_hash == lookup)).one()
        case.status, case.closed_on = "closed", moment.date()
