"""What a message says: one subject and one body for each kind, in the language of its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_decimal

from rankings.adapters.catalogues import translations
from rankings.adapters.message_words import KINDS, Kind, Say

# Khmer and Burmese are written with these, which Python does not count as printable.
JOINERS = "\u200b\u200c\u200d"
LONGEST_VALUE = 120


@dataclass(frozen=True)
class Place:
    """The association a message comes from, and the address at which the public sees it."""

    association: str
    name: str
    time_zone: str
    base_url: str


@dataclass(frozen=True)
class Text:
    """A subject of one line, and a body."""

    subject: str
    body: str


def text(kind: str, language: str, values: Mapping[str, str], place: Place) -> Text:
    """The message; KeyError where a value is missing that its words need."""
    said, _ = KINDS[kind], translations(language).gettext
    shown = _shown(values, language, place, _)
    subject, body = said.words(_)
    parts = [body % shown, _link(said, language, values, place), _footer(said, _) % shown]
    return Text(_one(subject % shown), "\n\n".join(parts) + "\n")


def line(value: str) -> str:
    """A value as it may stand in a line: short, in one piece, nothing in it that hides."""
    return _one(value)[:LONGEST_VALUE]


def _shown(values: Mapping[str, str], language: str, place: Place, _: Say) -> dict[str, str]:
    """The values as they are read: days and numbers in the language, every one a single line."""
    shown = {name: line(value) for name, value in values.items()}
    shown["association"] = line(place.name)
    if "until" in values:
        shown["day"], shown["until"] = _time(values["until"], language, place.time_zone, _)
    if values.get("count", "").isdecimal():
        shown["count"] = format_decimal(int(values["count"]), locale=language)
    return shown


def _time(until: str, language: str, time_zone: str, _: Say) -> tuple[str, str]:
    """The day alone, and the day with its hour by the association's clock and where that goes."""
    if "T" not in until and " " not in until:
        day = date.fromisoformat(until)
        return format_date(day, "long", language), format_date(day, "full", language)
    zone = ZoneInfo(time_zone)
    local = datetime.fromisoformat(until).astimezone(zone)
    whole = _("%(day)s, %(clock)s (local time in %(city)s)") % {
        "day": format_date(local, "full", language),
        "clock": _one(format_time(local, "short", locale=language)),
        "city": get_timezone_location(zone, locale=language, return_city=True),
    }
    return format_date(local, "long", language), whole


def _link(said: Kind, language: str, values: Mapping[str, str], place: Place) -> str:
    known = {**values, "association": place.association, "lang": language}
    parts = {name: quote(value, safe="") for name, value in known.items()}
    return place.base_url + said.page.format(**parts)


def _footer(said: Kind, _: Say) -> str:
    if said.is_public:
        return _("Sent by %(association)s, because you have a role there.")
    return _(
        "The page opens after you have signed in. Sent by %(association)s, because you have a role "
        "there."
    )


def _one(text: str) -> str:
    """One line without anything that cannot be seen."""
    kept = (letter if letter.isprintable() or letter in JOINERS else " " for letter in text)
    return " ".join("".join(kept).split())
