"""Signs of gaming: what somebody should look at; no score ever changes through one.

Every rule compares with what honest agencies and auditors do by chance; `docs/signs.md` says how.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from rankings.usecases.gaming_signs_chance import none_of, rank_sum, tail

SAME_FILE, LAST_HOUR, ALL_TOP, SILENCE = "same_file", "last_hour", "all_top", "silence"
BUNCHING, AUDITOR = "bunching", "auditor"
# What is about an agency, and what is about the whole round.
OF_AGENCIES, OF_ROUND = (SAME_FILE, LAST_HOUR, ALL_TOP, SILENCE), (BUNCHING, AUDITOR)
# In so many honest rounds one of each kind that goes by chance is listed all the same.
ALARM = Fraction(1, 50)
# A file that so many agencies have, and so large a share of all, is a form that was given to them.
FORM_FROM, FORM_SHARE = 6, Fraction(1, 3)
# Answers saved within the hour before the end, and their share of all the agency's answers.
HOUR, BULK, BULK_SHARE = timedelta(hours=1), 10, Fraction(1, 2)
# Claims that are all as high as can be; not listed where so many were checked and all held.
CLAIMS, HELD = 20, 10
# An honest agency may well have so many times fewer complaints than the others.
BETTER = 2
# Points on each side of a cut.
NEAR = Fraction(1)
# An auditor, and the others together, must have made so many audits.
AUDITS = 5

Numbers = Mapping[str, int | Fraction]


@dataclass(frozen=True, slots=True)
class Watched:
    """What is looked at of one agency.

    `saved` are the moments at which its answers were saved last. Of its `claims` so many are `top`
    answers, `checked` were checked and of these `lower` were found lower. `workers` were sent and
    `complaints` came in within 24 months, whatever became of them; of `asked` workers so many were
    `unhappy` with something. `points` is the total, None where it is not rated.
    """

    code: str
    saved: Sequence[datetime] = ()
    claims: int = 0
    top: int = 0
    checked: int = 0
    lower: int = 0
    workers: int = 0
    complaints: int = 0
    asked: int = 0
    unhappy: int = 0
    points: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One auditor at one agency: means over the questions with both, in points of 100."""

    auditor: str
    agency: str
    claimed: Fraction
    found: Fraction

    @property
    def gap(self) -> Fraction:
        """By how much what was found is above what was claimed."""
        return self.found - self.claimed


@dataclass(frozen=True, slots=True)
class Round:
    """A cycle as it stands. `files` are the agencies that gave the same bytes, by their digest."""

    closes: datetime
    agencies: Sequence[Watched] = ()
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cuts: Mapping[str, Fraction] = field(default_factory=dict)
    checks: Sequence[Check] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """Something to look at: of which agencies, and its numbers by name.

    `about` is a file's digest, a band or an auditor; `chance` is how likely it is without any
    gaming, where that can be said.
    """

    kind: str
    agencies: tuple[str, ...] = ()
    about: str = ""
    numbers: Numbers = field(default_factory=dict)
    chance: Fraction | None = None


def signs(held: Round) -> list[Sign]:
    """Everything to look at, by kind."""
    return [
        *_same_files(held),
        *_last_hour(held),
        *_all_top(held),
        *_silence(held),
        *_bunching(held),
        *_auditors(held),
    ]


def _same_files(held: Round) -> Iterator[Sign]:
    """Agencies that gave the very same files, all files of the same agencies in one sign."""
    giving = len({code for codes in held.files.values() for code in codes})
    found: dict[tuple[str, ...], list[str]] = {}
    for digest, codes in sorted(held.files.items()):
        same = tuple(sorted(set(codes)))
        is_form = len(same) >= FORM_FROM and Fraction(len(same), giving) >= FORM_SHARE
        if len(same) > 1 and not is_form:
            found.setdefault(same, []).append(digest)
    for same, digests in sorted(found.items()):
        numbers = {"files": len(digests), "agencies": len(same)}
        yield Sign(SAME_FILE, same, digests[0], numbers)


def _last_hour(held: Round) -> Iterator[Sign]:
    for one in held.agencies:
        late = sum(held.closes - HOUR < at <= held.closes for at in one.saved)
        if late >= BULK and Fraction(late, len(one.saved)) >= BULK_SHARE:
            yield Sign(LAST_HOUR, (one.code,), "", {"late": late, "answers": len(one.saved)})


def _all_top(held: Round) -> Iterator[Sign]:
    for one in held.agencies:
        bears_out = one.checked >= HELD and not one.lower
        if one.claims >= CLAIMS and one.top == one.claims and not bears_out:
            numbers = {"claims": one.claims, "checked": one.checked, "lower": one.lower}
            yield Sign(ALL_TOP, (one.code,), "", numbers)


def _silence(held: Round) -> Iterator[Sign]:
    """No complaint and nobody unhappy, where the size of the agency lets expect some.

    An agency that is twice as good as the others together is no sign yet.
    """
    workers = sum(one.workers for one in held.agencies)
    complaints = sum(one.complaints for one in held.agencies)
    asked = sum(one.asked for one in held.agencies)
    unhappy = Fraction(sum(one.unhappy for one in held.agencies), asked or 1)
    silent = [one for one in held.agencies if not one.complaints and not one.unhappy]
    for one in silent:
        if not one.workers:
            continue
        share = Fraction(one.workers, workers)
        chance = none_of(complaints, share / BETTER) * none_of(one.asked, unhappy / BETTER)
        if chance <= ALARM / len(held.agencies):
            expected = complaints * share
            numbers: Numbers = {"workers": one.workers, "expected": expected, "asked": one.asked}
            yield Sign(SILENCE, (one.code,), "", numbers, chance)


def _bunching(held: Round) -> Iterator[Sign]:
    """More totals just above a cut than just below it."""
    rated = [(one.points, one.code) for one in held.agencies if one.points is not None]
    for band, cut in held.cuts.items():
        above = sorted(code for points, code in rated if cut <= points < cut + NEAR)
        below = sum(cut - NEAR <= points < cut for points, _ in rated)
        chance = tail(len(above), len(above) + below)
        if chance <= ALARM / len(held.cuts):
            numbers: Numbers = {"above": len(above), "below": below, "cut": cut}
            yield Sign(BUNCHING, tuple(above), band, numbers, chance)


def _auditors(held: Round) -> Iterator[Sign]:
    """Whose findings stand higher or lower above the claims than those of the others."""
    by_auditor: dict[str, list[Check]] = {}
    for one in held.checks:
        by_auditor.setdefault(one.auditor, []).append(one)
    many = {name: own for name, own in by_auditor.items() if len(own) >= AUDITS}
    for name, own in sorted(many.items()):
        others = [one for one in held.checks if one.auditor != name]
        if len(others) < AUDITS:
            continue
        chance = rank_sum([one.gap for one in own], [one.gap for one in others])
        if chance <= ALARM / len(many):
            yield Sign(AUDITOR, _checked(own), name, _beside(own, others), chance)


def _checked(own: Sequence[Check]) -> tuple[str, ...]:
    return tuple(sorted({one.agency for one in own}))


def _beside(own: Sequence[Check], others: Sequence[Check]) -> Numbers:
    """The auditor's mean finding, and what the claims and the other auditors let expect."""
    claimed = sum((one.claimed for one in own), Fraction(0)) / len(own)
    found = sum((one.found for one in own), Fraction(0)) / len(own)
    usual = sum((one.gap for one in others), Fraction(0)) / len(others)
    return {"audits": len(own), "found": found, "expected": claimed + usual}
