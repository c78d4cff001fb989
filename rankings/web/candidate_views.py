"""Candidates as pages read them: from files of this machine, made from the database once."""

from __future__ import annotations

import os
from uuid import uuid4

from sqlmodel import Session

from rankings.adapters import signature
from rankings.adapters.draft import Draft
from rankings.errors import Invalid, NotFound
from rankings.models import AssessmentCycle, Candidate
from rankings.usecases import candidates, previous_bands
from rankings.usecases.edition_reading import View
from rankings.web import settings
from rankings.web.public import shelf

FOLDER = "candidates"


def draft(session: Session, cycle: AssessmentCycle, candidate: Candidate) -> Draft:
    """The candidate, read from a file of this machine, which is made where it is not there."""
    file = settings().data / FOLDER / f"{cycle.association}-{cycle.slug}.zip"
    try:
        return Draft(file, candidate.digest)
    except (Invalid, FileNotFoundError):
        body = candidates.body(session, candidate)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}.{uuid4().hex}")
    part.write_bytes(body)
    part.replace(file)
    return Draft(file, candidate.digest)


def before(session: Session, cycle: AssessmentCycle, number: int) -> View | None:
    """The edition that a candidate follows: the one it corrects, else the newest of before."""
    edition = previous_bands.corrected_or_before(session, cycle, number)
    if edition is None:
        return None
    try:
        return shelf().edition(cycle.association, *edition).bundle
    except NotFound:
        return None


def fingerprint(association: str) -> str:
    """Of the key that would sign; empty where this host has none."""
    try:
        return signature.fingerprint(signature.public(settings().keys, association))
    except NotFound:
        return ""
