"""What the pages of a hearing show: the receipt to come, what changed, what can be disputed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from rankings.errors import NotFound, Unavailable
from rankings.models import (
    Agency,
    AssessmentCycle,
    Association,
    Dispute,
    Finding,
    HearingNotice,
    Reply,
)
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import Scorer
from rankings.scoring.source import Code
from rankings.usecases import (
    associations,
    cycles,
    dispute_rules,
    disputed,
    disputes,
    record_values,
    replies,
    self_assessments,
    what_moved,
    working_days,
)
from rankings.usecases.answers import Questions
from rankings.usecases.dispute_rules import Stage
from rankings.usecases.disputed import Disputable
from rankings.usecases.edition_parts import AGENCIES, RANKING, Edition, Heading, Listed
from rankings.usecases.what_moved import Change
from rankings.web import now, ranking_page, receipt_page
from rankings.web.languages import say as _
from rankings.web.public import shelf
from rankings.web.question_page import question
from rankings.web.words import Words

# Longer than any hearing; the page only says how much time is left.
MOST_DAYS = 400
Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """A rating before or to come: band and number, or why there is none."""

    band: str | None
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of what changed since the last edition."""

    label: str
    amount: str


@dataclass(frozen=True)
class Heard:
    """An agency in a hearing, or with an edition that it may appeal."""

    whose: Association
    cycle: AssessmentCycle
    agency: Agency
    code: Code
    stage: Stage
    today: date
    left: int
    found: Sequence[Disputable]
    disputes: Sequence[Dispute]
    reply: Reply | None

    @property
    def name(self) -> tuple[str, str]:
        """The agency's name and its language."""
        return Words.name(self.whose.country, self.agency.names)

    @property
    def words(self) -> Words:
        """The words of the cycle's rubric."""
        return Words(self.code)

    @property
    def is_told(self) -> bool:
        """Whether the agency was told what it is judged by."""
        return self.stage.notice is not None and self.stage.notice.served_on is not None

    @property
    def is_open(self) -> bool:
        """Whether something can be written now."""
        return self.stage.why_closed is None


def heard(session: Session, association: str, slug: str, code: str) -> Heard:
    """Where an agency stands in a cycle; NotFound where there is none such."""
    cycle, agency = self_assessments.find(session, association, slug, code)
    stage = dispute_rules.stage(session, cycle, agency, now())
    today = self_assessments.day(session, cycle, now())
    told = stage.notice if stage.notice is not None and stage.notice.served_on else None
    return Heard(
        whose=associations.find(session, association),
        cycle=cycle,
        agency=agency,
        code=cycles.code_of(cycle),
        stage=stage,
        today=today,
        left=_days_left(session, association, today, stage.until),
        found=disputed.disputable(session, cycle, agency, stage) if stage.until else (),
        disputes=disputes.of_agency(session, cycle, agency.id),
        reply=replies.of(session, told) if told else None,
    )


def _days_left(session: Session, association: str, today: date, until: date | None) -> int:
    """Working days after today up to the last one."""
    if until is None:
        return 0

    def last(many: int) -> date:
        return working_days.after(session, association, today, many)

    return max(0, bisect_right(range(MOST_DAYS), until, key=last) - 1)


def to_come(held: Heard, notice: HearingNotice) -> tuple[Part, Part]:
    """The agency's line in the ranking, without a place, and its part of the edition to be.

    By the cycle's frozen rubric; others' places are not told before they are final.
    """
    whose, cycle, code = held.whose, held.cycle, held.code
    heading = Heading(
        association={"code": whose.id, "name": whose.name, "country": whose.country},
        cycle={"slug": cycle.slug, "name": cycle.name, "as_of": cycle.as_of.isoformat()},
        source=cycles.source_of(cycle),
        caps=(),
    )
    edition = Edition(heading, code)
    identity = notice.frozen["identity"]
    record = record_values.record(code.rubric, identity["code"], notice.frozen["inputs"])
    parts = dict(edition.parts([Listed(identity, record)]))
    entry = parts[RANKING]["entries"][0] | {"rank": None}
    return entry, parts[f"{AGENCIES}{identity['code']}"]


def receipt(held: Heard, notice: HearingNotice) -> receipt_page.Page:
    """The very receipt that would be published."""
    return receipt_page.page(held.words, *to_come(held, notice), held.whose.country)


def sides(held: Heard, notice: HearingNotice) -> tuple[Side | None, Side, list[Moved]]:
    """The rating in the last edition if there is one, the one to come, and what moved."""
    entry, part = to_come(held, notice)
    then = side(held.words, entry)
    try:
        published = shelf().current(held.whose.id)
        before, code = published.part(f"{AGENCIES}{held.agency.code}"), held.agency.code
        old = ranking_page.entry(published.part(RANKING), code)
    except (NotFound, Unavailable):
        return None, then, []
    ranking = published.part(RANKING)
    rubric = held.code.rubric
    if ranking["rubric"] != {"code": rubric.code, "version": rubric.version}:
        return side(held.words, old), then, []
    days = date.fromisoformat(ranking["cycle"]["as_of"]), held.cycle.as_of
    return side(held.words, old), then, _moved(held, (before, part), days)


def side(words: Words, entry: Part) -> Side:
    """A line of a ranking in words; bands of another rubric by their names."""
    if entry["score"] is None:
        known = {"insufficient_evidence", "under_review"} | {one.id for one in words.rubric.states}
        state = entry["state"]
        return Side(None, "", words.state(state) if state in known else state)
    band = entry["band"] if entry["band"] in words.bands else None
    return Side(band, words.number(entry["score"]), "")


def _moved(held: Heard, parts: tuple[Part, Part], days: tuple[date, date]) -> list[Moved]:
    rubric, scorer = held.code.rubric, Scorer(held.code.rubric)
    cards = [
        scorer.score(record_values.record(rubric, held.agency.code, part["inputs"]), day)
        for part, day in zip(parts, days, strict=True)
    ]
    return [
        Moved(_label(held.words, one), signed(held.words, one.amount))
        for one in what_moved.changes(scorer, cards[0], cards[1])
    ]


def _label(words: Words, change: Change) -> str:
    if change.kind == what_moved.INDICATOR:
        return words.of("indicators", change.code, "question")
    named = {
        what_moved.LIMITS: _("Limits on the band"),
        what_moved.ROUNDING: _("Rounding"),
        "floor": _("Lowest value that counts"),
    }
    return named.get(change.code) or words.of("adjust", change.code, "label")


def signed(words: Words, units: int) -> str:
    """A difference with its sign."""
    text = words.number(units)
    return text if units <= 0 else f"+{text}"


def about(words: Words, kind: str, subject: str) -> str:
    """What a dispute is about: a question, or the sentence of the cap behind a serious finding."""
    if kind == disputed.FINDING:
        asked = {one.id for one in words.rubric.indicators}
        return words.of("indicators", subject, "question") if subject in asked else subject
    caps = _caps(words.rubric, subject)
    return " ".join(words.of("caps", one, "sentence") for one in caps) or subject


def found_word(words: Words, code: Code, row: object) -> str:
    """What was found, in the words of the rubric; empty for a serious finding."""
    return answer_word(words, code, row.indicator, row.found) if isinstance(row, Finding) else ""


def answer_word(words: Words, code: Code, indicator: str, value: str | None) -> str:
    """An answer in the words of the rubric."""
    asked = Questions(code).asked.get(indicator)
    return question(words, asked).label(value or "") if asked else value or ""


def _caps(rubric: Rubric, code: str) -> list[str]:
    return [one.id for one in rubric.caps if code in one.findings]
