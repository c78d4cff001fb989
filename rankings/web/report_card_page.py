"""What the page about the association itself shows: the report card of an edition, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.scoring.exact import decimal_text
from rankings.web.languages import say as _
from rankings.web.words import Words, gapped, short

Part = Mapping[str, Any]

# The name of the edition's part.
PART = "report-card"
# More days than these say nothing to a reader.
LISTED = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A number with what it is, and what has to be known of it."""

    what: str
    number: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers under a heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints; no groups where the edition has no card."""

    groups: tuple[Group, ...]


def page(words: Words, card: Part | None) -> Page:
    """The card of an edition; None where it has none."""
    if card is None:
        return Page(())
    return Page(
        (
            Group(_("Who is rated"), tuple(_coverage(card["coverage"]))),
            Group(_("What was checked"), tuple(_checked(card["checked"]))),
            Group(_("How fast complaints are decided"), tuple(_complaints(card["complaints"]))),
            Group(_("Objections before publication"), tuple(_objections(card["disputes"]))),
            Group(_("Objections after publication"), tuple(_objections(card["appeals"]))),
            Group(_("On time or late"), tuple(_editions(words, card["editions"]))),
        )
    )


def _coverage(given: Part) -> Iterator[Row]:
    licensed = given["licensed"]
    yield Row(_("Agencies with a valid licence"), gapped(licensed))
    for name, what in (
        ("taking_part", _("Of these take part")),
        ("rated", _("Of these are rated")),
    ):
        share = Fraction(100 * given[name], licensed) if licensed else Fraction(0)
        yield Row(what, f"{gapped(given[name])} ({short(Fraction(round(share)))}\u00a0%)")


def _checked(given: Part) -> Iterator[Row]:
    yield Row(
        _("Share of the questions that auditors saw for themselves"),
        _percent(given["audited"]),
        _("By their weight, on average over the rated agencies."),
    )
    yield Row(
        _("What was found, compared with what was claimed"),
        _percent(given["found_to_claimed"]),
        _("100 % means that the agencies claim what auditors find."),
    )


def _complaints(given: Part) -> Iterator[Row]:
    yield Row(
        _("Complaints decided that count"),
        gapped(given["decided"]),
        _("In the 12 months before the day of this edition."),
    )
    if given["days"] is None:
        yield Row(
            _("Days until the decision"), "–", _("Too few to tell without telling of persons.")
        )
    else:
        yield _days(given)


def _objections(given: Part) -> Iterator[Row]:
    yield Row(
        _("Objections of agencies decided"),
        gapped(given["decided"]),
        _("In the 12 months before the day of this edition."),
    )
    yield Row(
        _("Of these the agency was right"),
        gapped(given["upheld"]),
        _("A finding was changed or taken back."),
    )
    yield Row(_("Not decided in time"), gapped(given["overdue"]))
    if given["days"]:
        yield _days(given)


def _days(given: Part) -> Row:
    days = given["days"]
    if len(days) <= LISTED:
        told = _("All of them: %(days)s.", days=", ".join(str(day) for day in days))
    else:
        told = _(
            "From %(least)d to %(most)d days. All of them stand in the edition's file.",
            least=days[0],
            most=days[-1],
        )
    return Row(
        _("Days until the decision, in the middle"), short(Fraction(given["median_days"])), told
    )


def _editions(words: Words, given: list[Part]) -> Iterator[Row]:
    for one in given:
        published = _("Published on %(day)s.", day=words.day(one["published_on"]))
        late = one["days_late"]
        if late is None:
            told = _("No day was planned")
        elif late > 0:
            told = _("Days late: %(days)d", days=late)
        else:
            told = _("On time")
        yield Row(one["cycle"], told, published)
    if not given:
        yield Row(_("This is the first edition."), "–")


def _percent(tenths: int | None) -> str:
    return "–" if tenths is None else f"{decimal_text(Fraction(tenths, 10), 1)}\u00a0%"
