"""Sends what waits in the outbox: database, texts and mail server meet here."""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine

from rankings import db
from rankings.adapters import letters, mail, message_texts
from rankings.adapters.letters import Letter
from rankings.adapters.mail import Closed, Later, Never, Outcome, Sent, Server, Unsure
from rankings.errors import Unavailable
from rankings.settings import Settings
from rankings.usecases import outbox
from rankings.usecases.outbox import End, Taken

# A run that took so long leaves the rest to the next one: others wait for their turn as well.
LONGEST_RUN = timedelta(seconds=30)
CANNOT_BE_WRITTEN = "The message cannot be written: {}"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clock:
    """Goes on from a moment that was given."""

    begun: datetime
    _started: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        return self.begun + timedelta(seconds=time.monotonic() - self._started)


@dataclass(frozen=True)
class Sender:
    """Takes messages one by one, for a holder of the schedule (`fence`) or for nobody (0)."""

    engine: Engine
    settings: Settings
    clock: Clock
    fence: int
    address: str

    def send_all(self, spoken: smtplib.SMTP, keys: Sequence[tuple[str, UUID]]) -> int:
        """How many the server has taken. Ends early where it takes no more, or time is up."""
        sent = 0
        for association, key in keys:
            outcome = self._send(spoken, association, key)
            sent += isinstance(outcome, Sent)
            if isinstance(outcome, Closed):
                raise Unavailable(outcome.told)
            if not mail.is_open(spoken) or self.clock.now - self.clock.begun > LONGEST_RUN:
                break
        return sent

    def _send(self, spoken: smtplib.SMTP, association: str, key: UUID) -> Outcome | None:
        """Three steps: it is ours, which is kept; it goes out; what came of it is kept."""
        now = self.clock.now
        taken = db.run(
            self.engine, lambda session: outbox.take(session, association, key, now, self.fence)
        )
        if taken is None:
            return None
        outcome = self._hand_over(spoken, taken)
        ended = _ended(outcome)
        then = self.clock.now
        if not db.run(self.engine, lambda session: outbox.end(session, taken, ended, then)):
            log.warning("message %s: %s, but another has it now", key, ended.state)
        return outcome

    def _hand_over(self, spoken: smtplib.SMTP, taken: Taken) -> Outcome:
        try:
            letter = _letter(taken, self.settings.base_url, self.address, self.clock.now)
        except (KeyError, ValueError) as error:
            log.exception("message %s cannot be written", taken.id)
            return Never(CANNOT_BE_WRITTEN.format(error))
        return mail.send(spoken, letter)


def send_due(
    engine: Engine, settings: Settings, now: datetime, fence: int = 0, limit: int = 50
) -> int:
    """Send messages that are due, at most `limit`; how many the server has taken.

    `fence` is that of the schedule's holder. Without settings for mail, messages wait. Invalid
    where a setting cannot be used. Every message is taken in a transaction of its own before the
    server is spoken to: none goes out twice, whoever dies or sends at the same time.
    """
    clock = Clock(now)
    with db.reading(engine) as session:
        keys, are_lost = outbox.due(session, now, limit), outbox.are_lost(session, now, fence)
    if are_lost:
        many = db.run(engine, lambda session: outbox.bury(session, now, fence))
        log.warning("%d messages may or may not have been sent: see the page of messages", many)
    where = server(settings)
    if where is None or not keys:
        return 0
    sender = Sender(engine, settings, clock, fence, letters.address(settings.mail_from or ""))
    try:
        with mail.connection(where, sender.address.partition("@")[2]) as spoken:
            return sender.send_all(spoken, keys)
    except Unavailable as refusal:
        told = str(refusal)
        log.warning("no message can be sent: %s", told)
        db.run(engine, lambda session: outbox.postpone(session, told, clock.now))
        return 0


def server(settings: Settings) -> Server | None:
    """The mail server of the settings; None where they name none, Invalid where it is none."""
    return mail.server(settings.smtp_url) if settings.smtp_url else None


def _letter(taken: Taken, base_url: str, address: str, at: datetime) -> Letter:
    whose = taken.association
    place = message_texts.Place(whose.id, whose.name, whose.time_zone, base_url)
    said = message_texts.text(taken.kind, taken.language, taken.values, place)
    name = message_texts.line(whose.name)
    return Letter(taken.id, name, address, taken.email, taken.language, said.subject, said.body, at)


def _ended(outcome: Outcome) -> End:
    match outcome:
        case Sent(told):
            return End(outbox.SENT, told)
        case Unsure(told):
            return End(outbox.UNSURE, told)
        case Never(told):
            return End(outbox.GIVEN_UP, told)
        case Later(told):
            return End(outbox.WAITING, told)
        case Closed(told):
            return End(outbox.WAITING, told, is_try=False)
