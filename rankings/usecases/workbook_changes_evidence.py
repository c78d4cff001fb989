"""Evidence that comes along with a workbook: files by the names that its cells give them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rankings.usecases.workbook_changes_values import folded

STRANGE = re.compile(r"[:*?\"<>|%;'`$&{}\[\]#]")
SEPARATORS = re.compile(r"[\n;；]")
# As evidence that has been handed in is shown: its name and the beginning of its digest.
SHOWN = re.compile(r"(.+?)\s*·\s*([0-9a-f]{12})")
# What programs put into a zip file of their own accord.
UNASKED = re.compile(r"(?i)(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")


@dataclass(frozen=True, slots=True)
class Wish:
    """A file that a row names as its evidence."""

    indicator: str
    place: str
    name: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A file to be added to the evidence of an indicator; `file` is its name in the zip file."""

    indicator: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of the names and the files.

    `doubled` are files that share a name and differ; none of them is taken.
    """

    pairs: tuple[Pair, ...]
    already: tuple[Wish, ...]
    without_file: tuple[Wish, ...]
    without_name: tuple[str, ...]
    doubled: tuple[tuple[str, ...], ...]


def names_in(text: str) -> Sequence[str]:
    """The names in a cell, one a line or with semicolons between; none twice."""
    found = {base(name): name.strip() for name in SEPARATORS.split(text) if name.strip()}
    return list(found.values())


def base(name: str) -> str:
    """The name without folders and without what a stored name cannot hold, to be compared."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return folded(STRANGE.sub("_", last)).strip(" .-=+@~")


def match(
    wishes: Sequence[Wish],
    files: Mapping[str, str],
    handed: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> Matched:
    """Files for names. `files` are names in the zip file with their SHA-256, `handed` is the
    evidence of each indicator that is there already, as name and SHA-256."""
    by_name = _by_name(files)
    doubled = {name for name, held in by_name.items() if len({files[one] for one in held}) > 1}
    pairs: dict[Pair, None] = {}
    already, missing = [], []
    named = {base(wish.name) for wish in wishes}
    for wish in wishes:
        name, known = base(wish.name), (handed or {}).get(wish.indicator, ())
        file = next(iter(by_name.get(name, ())), None)
        if name in doubled:
            continue
        if _is_there(wish.name, files.get(file or ""), known):
            already.append(wish)
        elif file is None:
            missing.append(wish)
        else:
            pairs[Pair(wish.indicator, file, files[file])] = None
    return Matched(
        tuple(pairs),
        tuple(already),
        tuple(missing),
        tuple(
            file
            for name, held in by_name.items()
            if name not in named and name not in doubled
            for file in held
        ),
        tuple(tuple(by_name[name]) for name in sorted(doubled)),
    )


def _by_name(files: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The files that somebody packed, by what they are called without folders."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if not UNASKED.search(file) and not file.endswith("/"):
            found[base(file)].append(file)
    return found


def _is_there(name: str, sha256: str | None, known: Sequence[tuple[str, str]]) -> bool:
    """By digest where the file came along, else by name, or by the digest behind the name."""
    if sha256 is not None:
        return any(digest == sha256 for _, digest in known)
    if shown := SHOWN.fullmatch(name):
        return any(digest.startswith(shown[2]) for _, digest in known)
    return any(base(held) == base(name) for held, _ in known)
