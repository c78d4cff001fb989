"""Days and times as people say them, by the association's own clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import g
from flask_babel import ngettext

from rankings.web.languages import language


def moment(at: datetime) -> str:
    """A moment with its time zone, for pages of an association; in UTC on other pages."""
    zone = ZoneInfo(g.get("time_zone", "UTC"))
    said = format_datetime(at, "medium", zone, language())
    return f"{said} ({zone.key})"


def long_day(day: date) -> str:
    """A day in words."""
    return str(format_date(day, "long", language()))


def days_word(days: int) -> str:
    """How many days are left."""
    return str(ngettext("%(num)d day left", "%(num)d days left", days))


def files_word(files: int) -> str:
    """How many files there are."""
    return str(ngettext("%(num)d file", "%(num)d files", files))
