"""New versions of a rubric: what would change, whether the number says so, and keeping it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import AssessmentCycle, Rubric
from rankings.scoring.difference import ADDITION, METHOD, WORDING, Change, difference, identities
from rankings.scoring.difference import reach as reach_of
from rankings.scoring.reading import RubricError
from rankings.scoring.source import RubricSource, read, toml
from rankings.usecases import journal, rubrics

FILE = "rubric.toml"
# How many changes an entry of the journal names; all of them follow from the two texts.
NAMED = 100
CHANGED = "Another version was stored in the meantime. Compare again."

Number = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version with the cycles that it is used by, newest first."""

    code: str
    version: str
    digest: str
    stored_at: datetime
    cycles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that could be stored: what it changes, and how far that reaches."""

    source: RubricSource
    code: str
    version: str
    changes: tuple[Change, ...]
    reach: str


def versions(session: Session, association: str) -> list[Version]:
    """What is stored, codes in their order and of each the highest number first."""
    used: dict[tuple[str, str], list[str]] = {}
    opened = select(AssessmentCycle).where(AssessmentCycle.association == association)
    for cycle in session.exec(opened.order_by(col(AssessmentCycle.opened_at).desc())):
        used.setdefault((cycle.rubric_code, cycle.rubric_version), []).append(cycle.slug)
    rows = session.exec(select(Rubric).where(Rubric.association == association)).all()
    rows = sorted(rows, key=lambda row: number(row.version), reverse=True)
    return [
        Version(
            row.code,
            row.version,
            row.digest,
            row.stored_at,
            tuple(used.get((row.code, row.version), ())),
        )
        for row in sorted(rows, key=lambda row: row.code)
    ]


def source(session: Session, association: str, code: str, version: str) -> RubricSource:
    """The text of a stored version; NotFound where there is none."""
    row = rubrics.find(session, association, code, version)
    return RubricSource(row.document, dict(row.labels))


def previous(session: Session, association: str, code: str, version: str) -> str | None:
    """The version stored before this one, by number."""
    lower = [one for one in _numbers(session, association, code) if one < number(version)]
    return text(max(lower)) if lower else None


def proposed(session: Session, association: str, code: str, reach: str = WORDING) -> str:
    """The next number for a change that reaches so far, above all that are stored."""
    known = _numbers(session, association, code)
    return text(_raised(max(known), reach)) if known else "1.0.0"


def compare(session: Session, association: str, base: tuple[str, str], new: RubricSource) -> Draft:
    """What a new text changes of a stored version.

    Invalid names everything that forbids to store it: a rubric that is unsound, a number that is
    not raised far enough, an id of an earlier version that comes back. NotFound without the base.
    """
    old = source(session, association, *base)
    try:
        rubric = read(new).rubric
    except RubricError as error:
        raise _refused(error) from error
    changes = tuple(difference(old, new))
    draft = Draft(new, rubric.code, rubric.version, changes, reach_of(changes))
    problems = _number_problems(session, association, base, draft)
    problems += _id_problems(session, association, base, draft)
    if problems:
        raise Invalid(problems)
    return draft


def keep(
    session: Session,
    association: str,
    base: tuple[str, str],
    new: RubricSource,
    seen: str,
    act: journal.Act,
) -> Draft:
    """Store a new version, which never changes again.

    `seen` is the token of the draft that was looked at; Conflict where it is another one by now.
    Invalid as in `compare`.
    """
    draft = compare(session, association, base, new)
    if token(draft) != seen:
        raise Conflict(CHANGED)
    rubrics.store(session, association, new, act)
    told = {
        "from": " ".join(base),
        "changes": len(draft.changes),
        "first": [str(one) for one in draft.changes[:NAMED]],
    }
    about = f"{draft.code} {draft.version}"
    journal.record(session, association, act, "changed a rubric", about, told)
    return draft


def adopt(session: Session, association: str, shipped: RubricSource, act: journal.Act) -> Rubric:
    """Take over a rubric that comes with the software; Invalid or Conflict as it stands there."""
    try:
        return rubrics.store(session, association, shipped, act)
    except RubricError as error:
        raise _refused(error) from error


def token(draft: Draft) -> str:
    """Names a text and what it was compared with."""
    return f"{rubrics.digest(draft.source)[:16]}-{len(draft.changes)}"


def number(version: str) -> Number:
    """1.10.0 as numbers; a version that is none comes first."""
    parts = [int(part) if part.isdecimal() else 0 for part in version.split(".")]
    first, second, third = (*parts, 0, 0, 0)[:3]
    return first, second, third


def text(found: Number) -> str:
    """The numbers of a version as it is written."""
    return ".".join(map(str, found))


def _refused(error: RubricError) -> Invalid:
    return Invalid(
        Problem(one.key if one.file == FILE else f"{one.file}: {one.key}", "", one.sentence)
        for one in error.problems
    )


def _numbers(session: Session, association: str, code: str) -> list[Number]:
    found = select(Rubric.version).where(Rubric.association == association, Rubric.code == code)
    return [number(one) for one in session.exec(found)]


def _raised(known: Number, reach: str) -> Number:
    first, second, third = known
    return {
        WORDING: (first, second, third + 1),
        ADDITION: (first, second + 1, 0),
        METHOD: (first + 1, 0, 0),
    }[reach]


def _number_problems(
    session: Session, association: str, base: tuple[str, str], draft: Draft
) -> list[Problem]:
    known, wanted = _numbers(session, association, draft.code), number(draft.version)
    if known and wanted <= max(known):
        remedy = f"must be above {text(max(known))}, the highest version that is stored"
        return [Problem("version", draft.version, remedy)]
    least = _raised(number(base[1]), draft.reach)
    if draft.code == base[0] and wanted < least:
        reasons = {
            METHOD: "changes move scores: raise the first number",
            ADDITION: "indicators of weight 0 are new: raise the second number",
            WORDING: "raise the version",
        }
        remedy = f"must be at least {text(least)}: {reasons[draft.reach]}"
        return [Problem("version", draft.version, remedy)]
    return []


def _id_problems(
    session: Session, association: str, base: tuple[str, str], draft: Draft
) -> list[Problem]:
    """Ids that were given up before and would mean something else now."""
    mine = identities(toml(FILE, draft.source.document))
    kept = identities(toml(FILE, source(session, association, *base).document))
    if draft.code != base[0]:
        return []
    earlier: dict[str, str] = {}
    for one in _numbers(session, association, draft.code):
        old = source(session, association, draft.code, text(one))
        for place in identities(toml(FILE, old.document)):
            earlier[place] = text(one)
    return [
        Problem(place, "", f"was in {earlier[place]} and is gone since: choose another id")
        for place in sorted(mine - kept)
        if place in earlier
    ]
