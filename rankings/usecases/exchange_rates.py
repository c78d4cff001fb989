"""Exchange rates with their day and source; for reading and comparing, never for a score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import ExchangeRate
from rankings.scoring.codes import CURRENCIES
from rankings.usecases import associations, journal

# Digits with a point at most; what a bank prints, kept as it is printed.
RATE = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
MOST_DIGITS, LONGEST_SOURCE, MOST_ROWS = 20, 200, 2_000
EARLIEST = date(1990, 1, 1)

NO_CURRENCY = "must be a currency code such as USD"
SAME = "must be another currency than the first one"
NO_RATE = "must be a number above 0 of at most 20 digits, with a point: 26000.5"
NO_SOURCE = "must say where the rate was read, in at most 200 letters"
NO_DAY = "must be a day such as 2026-03-31, not in the future"
TWICE = "stands in two rows: keep one of them"
MANY = "send at most 2000 rows at a time"
STANDS = "Another rate is stored for this day. Say that it is to be replaced."


@dataclass(frozen=True, slots=True)
class Rate:
    """So many units of `quote` for one of `base` from a day on; without `since` no day was sent."""

    base: str
    quote: str
    since: date | None
    rate: str
    source: str


def of(session: Session, association: str) -> list[ExchangeRate]:
    """All rates, pair by pair, the newest day first."""
    found = select(ExchangeRate).where(ExchangeRate.association == association)
    by_pair = found.order_by(col(ExchangeRate.base), col(ExchangeRate.quote))
    return list(session.exec(by_pair.order_by(col(ExchangeRate.since).desc())))


def on(session: Session, association: str, day: date) -> list[dict[str, str]]:
    """The rates that hold on a day, as an edition prints them: of each pair the newest."""
    newest: dict[tuple[str, str], ExchangeRate] = {}
    for row in of(session, association):
        if row.since <= day:
            newest.setdefault((row.base, row.quote), row)
    return [
        {
            "base": row.base,
            "quote": row.quote,
            "since": row.since.isoformat(),
            "rate": row.rate,
            "source": row.source,
        }
        for row in newest.values()
    ]


def add(
    session: Session,
    association: str,
    given: Sequence[Rate],
    act: journal.Act,
    replace: bool = False,
) -> int:
    """Keep rates: all of them, or none; how many were new or changed.

    Invalid names every mistake by row ("2 rate"). Conflict where another rate stands for the same
    pair and day, unless it is to be replaced.
    """
    whose = associations.find(session, association)
    _refuse_faults(given, associations.day(whose, act.now))
    return sum(_keep(session, association, one, act, replace) for one in given)


def _keep(session: Session, association: str, one: Rate, act: journal.Act, replace: bool) -> bool:
    held = session.get(ExchangeRate, (association, one.base, one.quote, one.since))
    was = {"rate": held.rate, "source": held.source} if held else None
    new = {"rate": one.rate, "source": one.source}
    if was == new:
        return False
    if held and not replace:
        raise Conflict(STANDS)
    if held:
        held.rate, held.source = one.rate, one.source
        session.add(held)
    else:
        session.add(ExchangeRate(association=association, **asdict(one)))
    session.flush()
    about = f"{one.base} {one.quote} {one.since}"
    done = "replaced an exchange rate" if held else "added an exchange rate"
    journal.record(session, association, act, done, about, {"was": was, "is": new})
    return True


def _refuse_faults(given: Sequence[Rate], today: date) -> None:
    problems = [
        fault for row, one in enumerate(given, 1) for fault in _faults(f"{row} ", one, today)
    ]
    keys = [(one.base, one.quote, one.since) for one in given]
    problems += [
        Problem(f"{row} since", str(key[2]), TWICE)
        for row, key in enumerate(keys, 1)
        if key in keys[: row - 1]
    ]
    if len(given) > MOST_ROWS:
        problems = [Problem("1 base", str(len(given)), MANY)]
    if problems:
        raise Invalid(problems)


def _faults(row: str, one: Rate, today: date) -> list[Problem]:
    found = [
        Problem(f"{row}{name}", code[:20], NO_CURRENCY)
        for name, code in (("base", one.base), ("quote", one.quote))
        if code not in CURRENCIES
    ]
    if one.base == one.quote and not found:
        found.append(Problem(f"{row}quote", one.quote, SAME))
    if one.since is None or not EARLIEST <= one.since <= today:
        found.append(Problem(f"{row}since", str(one.since or ""), NO_DAY))
    if not _is_rate(one.rate):
        found.append(Problem(f"{row}rate", one.rate[:40], NO_RATE))
    if not 0 < len(one.source.strip()) <= LONGEST_SOURCE:
        found.append(Problem(f"{row}source", one.source[:40], NO_SOURCE))
    return found


def _is_rate(text: str) -> bool:
    digits = text.replace(".", "")
    return bool(RATE.fullmatch(text)) and len(digits) <= MOST_DIGITS and bool(digits.strip("0"))
