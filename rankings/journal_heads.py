"""The newest head of each journal, kept in files outside of the database.

Whoever can write to the database alone can neither cut a journal off nor compute it anew without
being found out by these files.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from rankings.adapters.folders import sync
from rankings.canonical import canonical
from rankings.errors import Invalid, Problem
from rankings.usecases import associations, journal
from rankings.usecases.journal_chain import EMPTY, Head

# No association can have this code.
OF_NONE = "_"


def file(data: Path, association: str) -> Path | None:
    """Where the head of a journal lies; None where the name can be no association's."""
    if association != journal.NO_ASSOCIATION and not associations.CODE.fullmatch(association):
        return None
    return data / "journal" / f"{association or OF_NONE}.head"


def names(data: Path) -> set[str]:
    """The associations that have a file."""
    found = (one.stem for one in (data / "journal").glob("*.head"))
    return {"" if name == OF_NONE else name for name in found}


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """One at a time among all that use this folder."""
    folder = data / "journal"
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def read(data: Path, association: str) -> Head:
    """The head that was kept last; EMPTY where none was, Invalid where the file holds none."""
    place = file(data, association)
    if place is None or not place.exists():
        return EMPTY
    try:
        said = json.loads(place.read_bytes())
        if said["association"] == association:
            return Head(int(said["number"]), str(said["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid([Problem(str(place), "", "holds no head of a journal")]) from error
    raise Invalid([Problem(str(place), said["association"], "is of another journal")])


def write(data: Path, association: str, head: Head) -> None:
    """Keep a head: the old one or the new one is on disk, whatever happens."""
    place = file(data, association)
    if place is None:
        return
    body = canonical({"association": association, **head.values()}) + b"\n"
    with NamedTemporaryFile(dir=place.parent, prefix=f"{place.name}-", delete=False) as made:
        try:
            made.write(body)
            made.flush()
            os.fsync(made.fileno())
            os.replace(made.name, place)
        except OSError:
            Path(made.name).unlink(missing_ok=True)
            raise
    sync(place.parent)
