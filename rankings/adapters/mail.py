"""Sends plain text over SMTP, and says of every letter whether it went, may have gone, or not."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from rankings.adapters.letters import Letter, compose
from rankings.errors import Invalid, Problem, Unavailable

# For one step of the conversation; who says nothing for so long is not there.
PATIENCE_SECONDS = 20
PORTS = {"smtp": 25, "smtps": 465}
LONGEST_ANSWER = 300
SMTP_URL = "RANKINGS_SMTP_URL"
NO_URL = "must be smtp://host:587?starttls=1 or smtps://host:465, user:password@ before the host"
NO_TLS = "sends a password: add ?starttls=1, or begin with smtps://"
# Codes of SMTP.
WELCOME, FORWARDED, GO_ON, SAID_NO, CLOSING, FOR_EVER = 250, 251, 354, 400, 421, 500


@dataclass(frozen=True)
class Server:
    """Where letters are handed over; `starttls` refuses a server that cannot encrypt."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Sent:
    """The server has taken it."""

    told: str


@dataclass(frozen=True)
class Later:
    """It has not been taken; another try may do."""

    told: str


@dataclass(frozen=True)
class Never:
    """It has not been taken and will not be."""

    told: str


@dataclass(frozen=True)
class Unsure:
    """The server had it all and did not answer: it may have been taken."""

    told: str


@dataclass(frozen=True)
class Closed:
    """The server takes nothing from us at all; it is not about this letter."""

    told: str


Outcome = Sent | Later | Never | Unsure | Closed


def server(url: str) -> Server:
    """The server of an address; Invalid, without its password, where the address is none."""
    try:
        found = urlsplit(url)
        port = found.port or PORTS[found.scheme]
        wishes = parse_qs(found.query, strict_parsing=True) if found.query else {}
    except (ValueError, KeyError):
        raise _wrong("", NO_URL) from None
    if not found.hostname or set(wishes) - {"starttls"} or found.path not in ("", "/"):
        raise _wrong(found.hostname or "", NO_URL)
    made = Server(
        host=found.hostname,
        port=port,
        tls=found.scheme == "smtps",
        starttls=wishes.get("starttls") == ["1"],
        user=unquote(found.username or ""),
        password=unquote(found.password or ""),
    )
    if made.user and not (made.tls or made.starttls):
        raise _wrong(found.hostname, NO_TLS)
    return made


@contextmanager
def connection(where: Server, name: str) -> Iterator[smtplib.SMTP]:
    """An open conversation, in which we are called `name`; Unavailable where none is to be had."""
    try:
        spoken = _greeted(where, name)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise Unavailable(_said(error)) from error
    try:
        yield spoken
    finally:
        with suppress(OSError, smtplib.SMTPException):
            spoken.quit()
        spoken.close()


def send(spoken: smtplib.SMTP, letter: Letter) -> Outcome:
    """Hand one letter over. Where the connection was lost no other can follow: see `is_open`."""
    try:
        body = compose(letter)
    except Invalid as refusal:
        return Never(str(refusal)[:LONGEST_ANSWER])
    try:
        refused = _announced(spoken, letter)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        spoken.close()
        return Later(_said(error))
    return refused or _handed_over(spoken, body)


def is_open(spoken: smtplib.SMTP) -> bool:
    """Whether the conversation can go on."""
    return spoken.sock is not None


def _greeted(where: Server, name: str) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    place: dict[str, Any] = {"host": where.host, "port": where.port, "local_hostname": name}
    place["timeout"] = PATIENCE_SECONDS
    spoken = smtplib.SMTP_SSL(**place, context=trust) if where.tls else smtplib.SMTP(**place)
    with ExitStack() as stack:
        stack.callback(spoken.close)
        spoken.ehlo_or_helo_if_needed()
        if where.starttls:
            # An answer that is no yes raises: nothing goes out unencrypted.
            spoken.starttls(context=trust)
            spoken.ehlo_or_helo_if_needed()
        if where.user:
            spoken.login(where.user, where.password)
        stack.pop_all()
    return spoken


def _announced(spoken: smtplib.SMTP, letter: Letter) -> Outcome | None:
    """Sender, recipient, and the word that the text comes; None where the server goes along."""
    options = [] if letter.to.isascii() else ["SMTPUTF8"]
    if options and not spoken.has_extn("smtputf8"):
        return Never("The server takes no address outside of ASCII.")
    code, answer = spoken.mail(letter.sender, options)
    if code != WELCOME:
        refused = _refused(spoken, code, answer)
        return Closed(refused.told) if isinstance(refused, Never) else refused
    code, answer = spoken.rcpt(letter.to)
    if code not in (WELCOME, FORWARDED):
        return _refused(spoken, code, answer)
    code, answer = spoken.docmd("DATA")
    return None if code == GO_ON else _refused(spoken, code, answer)


def _handed_over(spoken: smtplib.SMTP, body: bytes) -> Outcome:
    """The text itself: once its last line is under way, silence may mean yes."""
    dotted = re.sub(rb"(?m)^\.", b"..", body)
    try:
        spoken.send(dotted + b".\r\n")
        code, answer = spoken.getreply()
    except (OSError, smtplib.SMTPException) as error:
        spoken.close()
        return Unsure(_said(error))
    if code < SAID_NO:
        return Sent(_words(answer)) if code == WELCOME else Unsure(f"{code} {_words(answer)}")
    return _refused(spoken, code, answer)


def _refused(spoken: smtplib.SMTP, code: int, answer: bytes) -> Later | Never:
    """5xx is for ever, everything else for now; the next letter begins afresh."""
    told = f"{code} {_words(answer)}"
    with suppress(OSError, smtplib.SMTPException):
        spoken.rset()
    if code == CLOSING:
        spoken.close()
    return Never(told) if code >= FOR_EVER else Later(told)


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        words = _words(answer if isinstance(answer, bytes) else str(answer).encode())
        return f"{error.smtp_code} {words}"
    return _words((str(error) or type(error).__name__).encode("utf-8", "replace"))


def _words(answer: bytes) -> str:
    """What a server says, as one line of text."""
    text = "".join(
        letter if letter.isprintable() else " " for letter in answer.decode("utf-8", "replace")
    )
    return " ".join(text.split())[:LONGEST_ANSWER]


def _wrong(value: str, remedy: str) -> Invalid:
    return Invalid([Problem(SMTP_URL, value, remedy)])
