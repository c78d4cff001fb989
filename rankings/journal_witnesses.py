"""Checking the journals against every head of them that is kept: in files and in editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from rankings import db, journal_heads
from rankings.adapters import key_trust
from rankings.adapters.bundle import Bundle
from rankings.adapters.key_trust import Trust
from rankings.errors import Invalid, Problem, Refusal
from rankings.models import AssessmentCycle, RankingEdition
from rankings.settings import Settings
from rankings.usecases import associations, editions, journal, journal_check
from rankings.usecases.journal_chain import EMPTY, Head
from rankings.usecases.journal_check import Report, Witness

# As far as an edition's manifest tells of the journal; older ones tell nothing.
KEY = "journal"


@dataclass(slots=True)
class Kept:
    """Heads of one journal that are kept outside of its chain, and what cannot be trusted."""

    witnesses: list[Witness]
    faults: list[str]

    def add(self, where: str, head: Head) -> None:
        if head != EMPTY:
            self.witnesses.append(Witness(where, head))


def verify(
    engine: Engine, settings: Settings, association: str | None, files: Sequence[Path]
) -> Iterator[Report]:
    """The report of every journal, or of one; Invalid where a file is no edition of it."""
    given = [_given(settings, file) for file in files]
    for code, witness in given:
        if association not in (None, code):
            problem = Problem(witness.where, code, f"is no edition of {association}")
            raise Invalid([problem])
    for name in _names(engine, settings, association, {code for code, _ in given}):
        # Read before the journal: sealing goes on, and no head may be newer than what is checked.
        kept = _in_files(settings, name)
        kept.witnesses += [witness for code, witness in given if code == name]
        with db.reading(engine) as session:
            _in_database(session, settings, name, kept)
            report = journal_check.check(session, name, kept.witnesses)
        report.faults = [*kept.faults, *report.faults]
        yield report


def _names(
    engine: Engine, settings: Settings, association: str | None, given: set[str]
) -> list[str]:
    if association is not None:
        return [association]
    with db.reading(engine) as session:
        found = journal_check.names(session)
    return sorted(found | journal_heads.names(settings.data) | given)


def _given(settings: Settings, file: Path) -> tuple[str, Witness]:
    """Whose edition a file is, and its head; Invalid where its association did not sign it."""
    with closing(Bundle(file)) as held:
        code = str(held.manifest.get("association", {}).get("code"))
    if not associations.CODE.fullmatch(code):
        raise Invalid([Problem(file.name, code, "is no edition of an association")])
    head = head_in(file, key_trust.of(settings.keys, code))
    if head == EMPTY:
        raise Invalid([Problem(file.name, "", "was published before editions told of the journal")])
    return code, Witness(file.name, head)


def head_in(file: Path, trust: Trust) -> Head:
    """The head in an edition's manifest; EMPTY where it tells none, Invalid where it is forged."""
    with closing(trust.open(file)) as held:
        told = held.manifest.get(KEY)
    return Head(told["number"], told["hash"]) if told else EMPTY


def _in_files(settings: Settings, association: str) -> Kept:
    """The head file, and the copies of editions that pages are served from."""
    kept = Kept([], [])
    try:
        kept.add("the head file", journal_heads.read(settings.data, association))
    except Invalid as error:
        kept.faults.append(str(error))
    if association == journal.NO_ASSOCIATION or not associations.CODE.fullmatch(association):
        return kept
    try:
        trust = key_trust.of(settings.keys, association)
    except Refusal:
        return kept  # what the database holds tells it
    for file in sorted((settings.data / "editions" / association).glob("*.zip")):
        try:
            head = head_in(file, trust)
        except Refusal:
            continue  # a damaged copy is fetched anew when a page needs it
        kept.add(f"the copy {file.name}", head)
    return kept


def _in_database(session: Session, settings: Settings, association: str, kept: Kept) -> None:
    """The heads in the manifests of all editions that are stored, one in memory at a time."""
    listed = session.exec(
        select(AssessmentCycle.slug, RankingEdition.number, RankingEdition.digest)
        .join(RankingEdition, col(RankingEdition.cycle) == AssessmentCycle.id)
        .where(
            RankingEdition.association == association,
            AssessmentCycle.association == association,
        )
        .order_by(
            col(RankingEdition.published_at), AssessmentCycle.slug, col(RankingEdition.number)
        )
    ).all()
    for slug, number, digest in listed:
        where = f"edition {number} of {slug}"
        try:
            kept.add(where, _stored(session, settings, association, digest))
        except (Refusal, *journal_check.UNREADABLE) as error:
            kept.faults.append(f"{where} tells nothing: {error}")


def _stored(session: Session, settings: Settings, association: str, digest: str) -> Head:
    trust = key_trust.of(settings.keys, association)
    with TemporaryDirectory() as folder:
        file = Path(folder, "edition.zip")
        file.write_bytes(editions.bundle(session, association, digest))
        return head_in(file, trust)
