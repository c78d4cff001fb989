"""The page of messages: the secretariat sees what waits and what went wrong, and sends again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from rankings import db
from rankings.models import Message
from tests.web import members, members_messages
from tests.web.members import CANARY, OURS, OWN, THEIRS, TODAY, Members
from tests.web.serving import stop

PAGE = f"/{OURS}/staff/messages/"


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    file = shutil.copy(migrated_file, tmp_path / "members.sqlite")
    found = members.members(db.connect(f"sqlite:///{file}"), tmp_path)
    yield found
    stop(found.app)


def page(held: Members, address: str = PAGE) -> str:
    answer = held.client("secretariat").get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def states(held: Members) -> list[str]:
    with db.reading(held.engine) as session:
        return sorted(session.exec(select(Message.state).where(Message.association == OURS)))


def test_the_page_says_what_waits_what_went_wrong_and_what_was_sent(held: Members) -> None:
    text = page(held)
    for words in ("Not sent, or in doubt: 4", "Waiting: 2", "Sent: 2", "Perhaps sent", "Given up"):
        assert words in text
    assert "550 no such mailbox, ours" in text
    assert "No mail server is set up" in text
    assert text.count("Self-assessments ours are closed") == 8
    assert CANARY not in text


def test_a_message_is_sent_again_once_and_only_from_where_it_belongs(held: Members) -> None:
    client, key = held.client("secretariat"), held.things[OURS, OWN]["message"]
    form = {"csrf_token": held.token}
    assert client.post(f"{PAGE}{key}/again", data=form).status_code == 303
    assert client.post(f"{PAGE}{key}/again", data=form).status_code == 303
    assert states(held).count("given_up") == 1
    assert states(held).count("waiting") == 3
    theirs = held.things[THEIRS, OWN]["message"]
    assert client.post(f"{PAGE}{theirs}/again", data=form).status_code == 404
    with db.reading(held.engine) as session:
        sent = session.exec(
            select(Message.id).where(Message.association == OURS, Message.state == "sent")
        ).first()
    answer = client.post(f"{PAGE}{sent}/again", data=form)
    assert answer.status_code == 409
    assert "has been sent in the meantime" in answer.get_data(as_text=True)


def test_what_cannot_be_written_is_shown_by_its_kind(held: Members) -> None:
    with db.transaction(held.engine) as session:
        place = (session, OURS, held.accounts["auditor"], "c1", TODAY)
        members_messages.message(*place, state="given_up", kind="gossip")
        members_messages.message(*place, state="given_up", kind="reminder")
    text = page(held)
    assert "<b>gossip</b>" in text
    assert "<b>reminder</b>" in text


def test_what_was_sent_is_read_page_by_page(held: Members) -> None:
    with db.transaction(held.engine) as session:
        for number in range(51):
            place = (session, OURS, held.accounts["auditor"], f"c{number}", TODAY)
            members_messages.message(*place, state="sent", sent_at=TODAY)
    assert "1 / 2" in page(held)
    second = page(held, f"{PAGE}?page=2")
    assert "2 / 2" in second
    assert "in doubt" not in second
    for wrong in ("0", "3", "-1"):
        assert held.client("secretariat").get(f"{PAGE}?page={wrong}").status_code == 404
