"""What a machine notices about complaints: many at once, and much the same text twice.

It only points; what is the same, and what is false, officers decide.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

# So many complaints about one agency within so many days are a burst. The days are counted from
# one to the next, so that whatever lies within 72 hours is found without knowing the hours.
BURST, BURST_DAYS = 5, 3
# More than so many times what is usual in a month; below one a month nothing is usual.
USUAL_TIMES, USUAL_MONTHS = 4, 12
# Texts are alike from this share of common letters in fours on, in hundredths.
ALIKE = 50
# A text is kept as a row of so many marks; of shorter ones nothing can be said.
MARKS, SHORTEST = 1 << 14, 40


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of a case: about whom, when, the text, digests of its attachments."""

    case: UUID
    subject: Hashable
    day: date
    text: str
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases that are alike; `alike` in hundredths, 100 where a file is the same."""

    one: UUID
    other: UUID
    alike: int
    same_file: bool


def bursts(reports: Iterable[Report]) -> set[UUID]:
    """The cases that belong to a burst on one agency."""
    subjects: dict[Hashable, list[Report]] = defaultdict(list)
    for one in reports:
        subjects[one.subject].append(one)
    return {one.case for held in subjects.values() for one in (*_close(held), *_unusual(held))}


def _close(held: Sequence[Report]) -> set[Report]:
    """Those of which five or more came within 72 hours."""
    ordered, found = sorted(held, key=lambda one: (one.day, one.case)), set()
    for start in range(len(ordered) - BURST + 1):
        window = ordered[start : start + BURST]
        if window[-1].day - window[0].day <= timedelta(days=BURST_DAYS):
            found.update(window)
    return found


def _unusual(held: Sequence[Report]) -> set[Report]:
    """Those of months with more than four times what is usual."""
    months = Counter(_month(one.day) for one in held)
    loud = {month for month, many in months.items() if many > USUAL_TIMES * _usual(months, month)}
    return {one for one in held if _month(one.day) in loud}


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _usual(months: Mapping[int, int], month: int) -> float:
    """What came in a month on average in the year before, at least one."""
    before = sum(months.get(month - back, 0) for back in range(1, USUAL_MONTHS + 1))
    return max(1.0, before / USUAL_MONTHS)


def pairs(reports: Sequence[Report]) -> list[Pair]:
    """Cases that may be the same complaint, the most alike first."""
    marked = [(one, marks(one.text)) for one in reports]
    return _sorted(_pair(one, other) for one, other in combinations(marked, 2))


def alike(report: Report, others: Iterable[Report]) -> list[Pair]:
    """The cases that may be the same complaint as one, the most alike first."""
    its = (report, marks(report.text))
    return _sorted(_pair(its, (other, marks(other.text))) for other in others)


def _pair(one: tuple[Report, int], other: tuple[Report, int]) -> Pair:
    same = bool(one[0].files & other[0].files)
    return Pair(one[0].case, other[0].case, 100 if same else likeness(one[1], other[1]), same)


def _sorted(found: Iterable[Pair]) -> list[Pair]:
    kept = [pair for pair in found if pair.alike >= ALIKE]
    return sorted(kept, key=lambda pair: (-pair.alike, str(pair.one), str(pair.other)))


def marks(text: str) -> int:
    """A text as bits, one for each run of four letters, without case, accents and spaces."""
    plain = normalised(text)
    if len(plain) < SHORTEST:
        return 0
    found = 0
    for start in range(len(plain) - 3):
        found |= 1 << (zlib.crc32(plain[start : start + 4].encode()) % MARKS)
    return found


def likeness(one: int, other: int) -> int:
    """The share of marks that two texts have in common, in hundredths."""
    both = (one & other).bit_count()
    return 100 * both // (one.bit_count() + other.bit_count() - both) if both else 0


def normalised(text: str) -> str:
    """A text as it is compared: letters only, and each number is the same number."""
    return re.sub(r"\d+", "0", letters(text))


def letters(text: str) -> str:
    """A name as it is compared: letters of any script and figures, without case and accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in bare if unicodedata.category(letter)[0] in "LMN")
    # Accents of Latin letters go, signs of other scripts are part of their letters and stay.
    return re.sub(r"[\u0300-\u036f]", "", kept)
