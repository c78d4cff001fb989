"""Sending: every message once, whatever the server says, whoever dies, however many send."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db, mailing
from rankings.errors import Invalid
from rankings.models import Account, Lease, Message
from rankings.settings import Settings
from rankings.usecases import outbox
from tests import smtp_server
from tests.smtp_server import MailServer
from tests.usecases import post
from tests.usecases.persons import NOW
from tests.usecases.post import after
from tests.web import small

FULL = "RANKINGS_TEST_FULL" in os.environ
MESSAGES, SENDERS, KILLS = (400, 4, 50) if FULL else (40, 2, 4)
FORK = get_context("fork")


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[MailServer]:
    with smtp_server.running(tmp_path / "taken", "slow") as found:
        yield found


@pytest.fixture
def settings(engine: Engine, tmp_path: Path, mail_server: MailServer) -> Settings:
    usual = small.settings(engine, tmp_path)
    return replace(usual, smtp_url=mail_server.url, mail_from="ranking@example.org")


def tell(engine: Engine, *names: str, many: int = 1) -> None:
    """So many messages to each of these people."""

    def work(session: Session) -> None:
        post.opened(session)
        for name in names:
            whom = post.somebody(session, name, "secretariat")
            for number in range(many):
                post.tell(session, whom, f"occasion {number}")

    db.run(engine, work)


def all_states(engine: Engine) -> dict[str, str]:
    """How far each message is, by its key."""
    with db.reading(engine) as session:
        return {str(one.id): one.state for one in session.exec(select(Message))}


def only(engine: Engine) -> Message:
    with db.reading(engine) as session:
        return session.exec(select(Message)).one()


def test_a_message_is_sent_once_and_in_the_language_of_its_reader(
    engine: Engine, settings: Settings, mail_server: MailServer
) -> None:
    tell(engine, "linh")
    assert mailing.send_due(engine, settings, NOW) == 1
    assert mailing.send_due(engine, settings, after(days=1)) == 0
    message, (got,) = only(engine), mail_server.taken
    assert (message.state, message.told) == ("sent", "2.0.0 taken")
    assert message.sent_at is not None
    assert message.sent_at >= NOW
    assert mail_server.ids == [str(message.id)]
    assert got["To"] == "linh@example.org"
    assert got["From"] == "alpha <ranking@example.org>"
    assert got["Content-Language"] == "vi"
    assert f"{settings.base_url}/alpha/staff/" in got.get_content()


def test_what_one_reader_cannot_get_keeps_nobody_else_waiting(
    engine: Engine, settings: Settings, mail_server: MailServer
) -> None:
    tell(engine, "never", "later", "silent", "lost", "linh", "sok")
    for minutes in range(8):
        mailing.send_due(engine, settings, after(minutes=minutes, seconds=10 * minutes))
    found = {one["To"]: one for one in mail_server.taken}
    assert set(found) == {f"{who}@example.org" for who in ("linh", "sok", "silent")}
    assert len(mail_server.ids) == 3
    with db.reading(engine) as session:
        states = {name: one.state for name, one in by_name(session)}
        tries = {name: one.tries for name, one in by_name(session)}
    assert states == {
        "later": "waiting",
        "lost": "waiting",
        "never": "given_up",
        "silent": "unsure",
        "linh": "sent",
        "sok": "sent",
    }
    # Whoever waited behind a lost connection came first the next time.
    assert {name for name, many in tries.items() if many > 1} == {"later", "lost"}


def by_name(session: Session) -> list[tuple[str, Message]]:
    """Who is written to, and the message."""
    rows = session.exec(select(Account.email, Message).join(Message)).all()
    return [(email.partition("@")[0], message) for email, message in rows]


def test_without_settings_messages_wait(engine: Engine, settings: Settings) -> None:
    tell(engine, "linh")
    assert mailing.send_due(engine, replace(settings, smtp_url=None), NOW) == 0
    assert only(engine).state == "waiting"
    with pytest.raises(Invalid):
        mailing.send_due(engine, replace(settings, smtp_url="smtp//"), NOW)
    assert mailing.send_due(engine, settings, NOW) == 1


def test_while_no_server_can_be_reached_messages_wait_without_a_try(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    tell(engine, "linh")
    with smtp_server.running(tmp_path / "other") as gone:
        pass
    away = replace(settings, smtp_url=gone.url)
    for minutes in range(0, 24 * 60, 240):
        assert mailing.send_due(engine, away, after(minutes=minutes)) == 0
    message = only(engine)
    assert (message.state, message.tries) == ("waiting", 0)
    assert "refused" in message.told
    assert mailing.send_due(engine, settings, after(days=1)) == 1


def test_a_sender_that_the_server_refuses_costs_no_message(
    engine: Engine, settings: Settings
) -> None:
    tell(engine, "linh", "sok")
    refused = replace(settings, mail_from="stranger@example.org")
    assert mailing.send_due(engine, refused, NOW) == 0
    assert set(all_states(engine).values()) == {"waiting"}
    assert mailing.send_due(engine, settings, after(minutes=3)) == 2


def test_who_holds_the_schedule_no_more_sends_nothing(engine: Engine, settings: Settings) -> None:
    tell(engine, "linh")
    with db.transaction(engine) as session:
        session.add(Lease(name=outbox.LEASE, holder="-", fence=7, expires_at=0))
    assert mailing.send_due(engine, settings, NOW, fence=6) == 0
    assert mailing.send_due(engine, settings, NOW, fence=7) == 1


def test_senders_at_once_send_every_message_once(
    engine: Engine, settings: Settings, mail_server: MailServer
) -> None:
    tell(engine, "linh", many=MESSAGES)

    def send(_: int) -> int:
        return sum(mailing.send_due(engine, settings, NOW, limit=MESSAGES) for _ in range(SENDERS))

    with ThreadPoolExecutor(SENDERS) as pool:
        sent = sum(pool.map(send, range(SENDERS)))
    assert sent == MESSAGES
    assert mail_server.ids == sorted(all_states(engine))
    assert set(all_states(engine).values()) == {"sent"}


def send_until_killed(url: str, settings: Settings, now: datetime) -> None:
    """A process that sends and sends."""
    engine = db.connect(url)
    while True:
        mailing.send_due(engine, settings, now)
        time.sleep(0.01)


def test_killed_in_the_middle_no_message_goes_out_twice(
    engine: Engine, settings: Settings, mail_server: MailServer
) -> None:
    tell(engine, "linh", many=MESSAGES)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    chance = random.Random(7)
    for kill in range(KILLS):
        # What the killed ones held is in doubt by then.
        now = after(minutes=11 * kill)
        senders = [
            FORK.Process(target=send_until_killed, args=(url, settings, now))
            for _ in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        time.sleep(chance.uniform(0.05, 0.4))
        for sender in senders:
            assert sender.pid
            os.kill(sender.pid, signal.SIGKILL)
            sender.join()
    for hours in (100, 200):
        mailing.send_due(engine, settings, after(hours=hours), limit=MESSAGES)
    found, many = all_states(engine), Counter(mail_server.ids)
    assert set(found.values()) <= {"sent", "unsure"}
    assert max(many.values()) == 1
    assert {key for key, state in found.items() if state == "sent"} <= set(many)
    in_doubt = [key for key, state in found.items() if state == "unsure"]
    assert len(in_doubt) <= KILLS * SENDERS
