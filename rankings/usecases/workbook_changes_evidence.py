"""Evidence that comes along with a workbook: files by the names that its cells give them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from rankings.usecases.workbook_changes_values import folded

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
    """The name without folders, so that it can be compared."""
    return folded(normalize("NFC", name).replace("\\", "/").rpartition("/")[2])


def match(
    wishes: Iterable[Wish],
    files: Mapping[str, str],
    handed: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> Matched:
    """Files for names. `files` are names in the zip file with their SHA-256, `handed` is the
    evidence of each indicator that is there already, as name and SHA-256."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if not UNASKED.search(file) and not file.endswith("/"):
            by_name[base(file)].append(file)
    doubled = {name for name, held in by_name.items() if len({files[one] for one in held}) > 1}
    pairs: dict[Pair, None] = {}
    already, missing, used = [], [], set(doubled)
    for wish in wishes:
        name, known = base(wish.name), (handed or {}).get(wish.indicator, ())
        found = by_name.get(name, [])
        used.add(name)
        if name in doubled:
            continue
        if _is_there(wish.name, files[found[0]] if found else None, known):
            already.append(wish)
        elif found:
            pairs[Pair(wish.indicator, found[0], files[found[0]])] = None
        else:
            missing.append(wish)
    return Matched(
        tuple(pairs),
        tuple(already),
        tuple(missing),
        tuple(file for name, held in by_name.items() if name not in used for file in held),
        tuple(tuple(by_name[name]) for name in sorted(doubled)),
    )


def _is_there(name: str, sha256: str | None, known: Sequence[tuple[str, str]]) -> bool:
    """By digest where the file came along, else by name, or by the digest behind the name."""
    if sha256 is not None:
        return any(digest == sha256 for _, digest in known)
    if shown := SHOWN.fullmatch(name):
        return any(digest.startswith(shown[2]) for _, digest in known)
    return any(base(held) == base(name) for held, _ in known)
