"""Codes of conduct of an association, kept as the text they were read from."""

from __future__ import annotations

import hashlib

from sqlmodel import Session

from rankings.errors import Conflict, NotFound
from rankings.models import Rubric
from rankings.scoring.source import RubricSource, read
from rankings.usecases import journal


def store(session: Session, association: str, source: RubricSource, act: journal.Act) -> Rubric:
    """Keep a version of a rubric; RubricError if it is unsound, Conflict if its text changed.

    The same text twice changes nothing: a version, once stored, is what it is.
    """
    rubric = read(source).rubric
    known = session.get(Rubric, (association, rubric.code, rubric.version))
    if known and known.digest == digest(source):
        return known
    if known:
        raise Conflict(
            f"{rubric.code} {rubric.version} is stored with another text: raise its version."
        )
    row = Rubric(
        association=association,
        code=rubric.code,
        version=rubric.version,
        document=source.document,
        labels=dict(source.labels),
        digest=digest(source),
        stored_at=act.now,
    )
    session.add(row)
    session.flush()
    about, details = f"{row.code} {row.version}", {"digest": row.digest}
    journal.record(session, association, act, "adopted a rubric", about, details)
    return row


def find(session: Session, association: str, code: str, version: str) -> Rubric:
    """One stored version; NotFound where there is none."""
    row = session.get(Rubric, (association, code, version))
    if row is None:
        raise NotFound(f"There is no rubric {code} {version}.")
    return row


def digest(source: RubricSource) -> str:
    """SHA-256 over the document and the labels by language, in hex."""
    found = hashlib.sha256()
    for text in (source.document, *(source.labels[one] for one in sorted(source.labels))):
        found.update(hashlib.sha256(text.encode()).digest())
    return found.hexdigest()
