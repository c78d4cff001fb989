"""What differs between two versions of a rubric, place by place, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rankings.scoring.reading import exact, shown
from rankings.scoring.source import RubricSource, toml
from rankings.scoring.writing import inline

RUBRIC = "rubric.toml"
# How much a change calls for a higher number: the third, the second or the first one.
WORDING, ADDITION, METHOD = "patch", "minor", "major"
REACH = (WORDING, ADDITION, METHOD)
# Lists of a rubric whose entries have ids of their own.
KINDS = ("nodes", "indicators", "bands", "caps", "states", "fields")
# What may change without a score moving; the version says which text this is.
QUIET = ("languages",)
ORDER = "order"
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `place` such as `indicators[3.2].weight`, or of `labels.vi.toml` its path.

    `was` and `becomes` are texts; None where there is nothing. An entry that comes or goes is one
    change, whatever it holds. `reach` is one of REACH.
    """

    file: str
    place: str
    was: str | None
    becomes: str | None
    reach: str

    def __str__(self) -> str:
        where = self.place if self.file == RUBRIC else f"{self.file}: {self.place}"
        return f"{where}: {_or_nothing(self.was)} → {_or_nothing(self.becomes)}"


def difference(old: RubricSource, new: RubricSource) -> list[Change]:
    """Every difference in meaning, in the order of the file; RubricError where one is no TOML.

    How a number is written and where comments stand makes none, and the version is left out.
    """
    before, after = toml(RUBRIC, old.document), toml(RUBRIC, new.document)
    found = [*_rules(before, after)]
    for language in sorted({*old.labels, *new.labels}):
        found += _labels(language, old.labels.get(language, ""), new.labels.get(language, ""))
    return found


def reach(changes: Sequence[Change]) -> str:
    """Which number of the version the changes call for at least."""
    return max((one.reach for one in changes), key=REACH.index, default=WORDING)


def identities(document: Mapping[str, Any]) -> set[str]:
    """The places of everything that has an id: `indicators[3.2]`, `indicators[3.2].options[a]`."""
    return {place for place, one in _entries(document) if isinstance(one, dict)}


def _or_nothing(text: str | None) -> str:
    return "–" if text is None else text


def _rules(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    was, becomes = dict(_entries(before)), dict(_entries(after))
    gone: set[str] = set()
    for place in dict.fromkeys((*was, *becomes)):
        old, new = was.get(place), becomes.get(place)
        # Of an entry that comes or goes the parts are not told one by one.
        if any(place.startswith(f"{other}.") for other in gone):
            continue
        if isinstance(old, dict) is not isinstance(new, dict) or (old is None) or (new is None):
            gone.add(place)
        if not _same(old, new):
            yield Change(RUBRIC, place, _text(old), _text(new), _reach(place, old, new))
    yield from _orders(was, becomes)


def _entries(document: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its place; of tables with ids the table too, before what it holds."""
    for name, value in document.items():
        here = f"{place}.{name}" if place else name
        if here == "version":
            continue
        if isinstance(value, dict):
            yield from _entries(value, here)
        elif _has_ids(value):
            for one in value:
                yield f"{here}[{one['id']}]", one
                yield from _entries(_without_id(one), f"{here}[{one['id']}]")
        else:
            yield here, value


def _has_ids(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in value)
    )


def _without_id(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "id"}


def _same(old: Any, new: Any) -> bool:
    """Whether both mean the same; of entries with ids the parts are compared by themselves."""
    if isinstance(old, dict) and isinstance(new, dict) and "id" in old:
        return True
    return bool(_meaning(old) == _meaning(new))


def _meaning(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _meaning(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_meaning(one) for one in value]
    number = exact(value)
    return value if number is None else ("number", number)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict | list):
        text = inline(value)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return value if isinstance(value, str) else shown(value)


def _reach(place: str, old: Any, new: Any) -> str:
    if place in QUIET:
        return WORDING
    is_new = old is None and isinstance(new, dict) and place.startswith("indicators[")
    return ADDITION if is_new and exact(new.get("weight")) == 0 else METHOD


def _orders(was: Mapping[str, Any], becomes: Mapping[str, Any]) -> Iterator[Change]:
    """Lists whose entries stand in another order: it is the order of pages, and breaks ties."""
    old, new = _listed(was), _listed(becomes)
    for name in old:
        both = set(old[name]) & set(new.get(name, ()))
        first = [one for one in old[name] if one in both]
        second = [one for one in new.get(name, ()) if one in both]
        if first != second:
            place = f"{name}.{ORDER}"
            yield Change(RUBRIC, place, ", ".join(first), ", ".join(second), METHOD)


def _listed(entries: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, one in entries.items():
        if isinstance(one, dict) and place.endswith("]"):
            name = place[: -len(one["id"]) - 2]
            found.setdefault(name, []).append(one["id"])
    return found


def _labels(language: str, old: str, new: str) -> Iterator[Change]:
    file = f"labels.{language}.toml"
    was, becomes = (dict(flat(toml(file, text))) for text in (old, new))
    for path in dict.fromkeys((*was, *becomes)):
        before, after = was.get(path), becomes.get(path)
        if before != after:
            yield Change(file, "/".join(path), _text(before), _text(after), WORDING)


def flat(
    document: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every text of a document of labels by its path."""
    for name, value in document.items():
        if isinstance(value, dict):
            yield from flat(value, (*path, name))
        else:
            yield (*path, name), value
