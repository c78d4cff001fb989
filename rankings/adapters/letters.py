"""A plain text for one person, as it goes over the wire."""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import format_datetime
from uuid import UUID

from rankings.errors import Invalid, Problem

MAIL_FROM = "RANKINGS_MAIL_FROM"
NO_ADDRESS = "must be an address such as ranking@example.org"
BEYOND_ASCII = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+")
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ]{0,50}", re.ASCII)
# A line with encoded words has at most 76 letters, of which "Subject: =?utf-8?b??=" are 21.
LONGEST_WORD = 39
# Khmer and Burmese are written with these, which Python does not count as printable.
JOINERS = "\u200b\u200c\u200d"


@dataclass(frozen=True)
class Letter:
    """One plain text for one person; `id` stays the same however often it is handed over."""

    id: UUID
    sender_name: str
    sender: str
    to: str
    language: str
    subject: str
    text: str
    at: datetime


def address(text: str) -> str:
    """An address that letters can come from; Invalid where it is none."""
    try:
        found = Address(addr_spec=text)
    except (ValueError, HeaderParseError, IndexError):
        raise Invalid([Problem(MAIL_FROM, text, NO_ADDRESS)]) from None
    if not found.username or "." not in found.domain or not text.isascii() or not _is_line(text):
        raise Invalid([Problem(MAIL_FROM, text, NO_ADDRESS)])
    return text


def compose(letter: Letter) -> bytes:
    """The letter as it goes over the wire. Invalid where a line of its head is not one line."""
    heads = {"subject": letter.subject, "sender": letter.sender_name, "address": letter.to}
    broken = [name for name, value in heads.items() if not _is_line(value)]
    if broken:
        raise Invalid([Problem(name, heads[name], "must be one line") for name in broken])
    try:
        to = _reader(letter.to)
        sender = Address(addr_spec=letter.sender)
    except (ValueError, HeaderParseError, IndexError) as error:
        raise Invalid([Problem("address", letter.to, str(error))]) from error
    head = {
        "From": f"{_phrase(letter.sender_name)} <{sender.addr_spec}>",
        "To": to.addr_spec,
        "Subject": _phrase(letter.subject),
        "Date": format_datetime(letter.at),
        "Message-ID": f"<{letter.id}@{sender.domain}>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Language": letter.language,
        "Content-Transfer-Encoding": "base64",
    }
    lines = [f"{name}: {value}".encode() for name, value in head.items()]
    body = encodebytes(letter.text.replace("\n", "\r\n").encode()).splitlines()
    return b"\r\n".join([*lines, b"", *body, b""])


def _phrase(text: str) -> str:
    """A text for the head: as it is where it is plain, else in encoded words (RFC 2047).

    The library's own way gains or loses spaces where Khmer or Burmese stands beside Latin letters.
    """
    if PLAIN.fullmatch(text):
        return text
    words, word = [], b""
    for letter in text:
        more = letter.encode()
        if len(word + more) > LONGEST_WORD:
            words.append(word)
            word = b""
        word += more
    return "\r\n ".join(f"=?utf-8?b?{b64encode(one).decode()}?=" for one in (*words, word))


def _reader(text: str) -> Address:
    """An address to write to; outside of ASCII only letters, digits and what ASCII allows."""
    if text.isascii():
        return Address(addr_spec=text)
    who, _, where = text.rpartition("@")
    if not BEYOND_ASCII.fullmatch(text):
        raise ValueError("is no address")
    return Address(username=who, domain=where)


def _is_line(text: str) -> bool:
    return bool(text) and all(letter.isprintable() or letter in JOINERS for letter in text)
