"""Days and times as people say them, by the association's own clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask import g

from rankings.web.languages import language
from rankings.web.languages import say as _


def moment(at: datetime) -> str:
    """A moment with its time zone, for pages of an association; in UTC on other pages."""
    zone = ZoneInfo(g.get("time_zone", "UTC"))
    local, spoken = at.astimezone(zone), language()
    day, clock = format_date(local, "medium", spoken), format_time(local, "short", locale=spoken)
    return f"{day} {clock} ({zone.key})"


def long_day(day: date) -> str:
    """A day in words."""
    return str(format_date(day, "long", language()))


def days_word(days: int) -> str:
    """How many days are left."""
    return _("Days left: %(days)d", days=days)


def files_word(files: int) -> str:
    """How many files there are."""
    return _("Files: %(files)d", files=files)
