"""A document as TOML text: the counterpart of reading one, exact to the last digit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
CONTROL = re.compile(r"[\"\\\x00-\x1f\x7f]")
# A line of a file that begins a table.
HEADER = re.compile(r"\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?")
IDENTITY = re.compile(r"id\s*=\s*\"([^\"\\]*)\"\s*(?:#.*)?")

# The comments above a table, by its name, its id, and its number among those of that name.
Comments = Mapping[tuple[str, str], list[str]]
HEAD = ("", "")


def document(values: Mapping[str, Any], comments: Comments | None = None) -> str:
    """The text of a parsed document: plain keys first, then tables, then lists of tables.

    Reading it again gives equal values. `comments` (from `comments_of`) stand where they stood.
    """
    said = comments or {}
    lines = [*said.get(HEAD, ())]
    lines += [""] if lines else []
    lines += [f"{key(name)} = {inline(one)}" for name, one in values.items() if _is_plain(one)]
    for name, one in values.items():
        if not _is_plain(one):
            lines += _tables(name, one, said)
    return "\n".join(lines) + "\n"


def nested(values: Mapping[str, Any]) -> str:
    """The same for documents of tables in tables, such as labels: a header for each table."""
    return "\n".join(_nested((), values)).lstrip("\n") + "\n"


def comments_of(text: str) -> dict[tuple[str, str], list[str]]:
    """The whole-line comments above each table of a text, and at its head."""
    found: dict[tuple[str, str], list[str]] = {}
    waiting: list[str] = []
    name, is_head = "", True
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#"):
            waiting.append(line)
        elif header := HEADER.fullmatch(line):
            name, is_head = header[1], False
            waiting = _placed(found, (name, ""), waiting)
        elif name and (identity := IDENTITY.fullmatch(line)) and (name, "") in found:
            found[name, identity[1]] = found.pop((name, ""))
        elif line and is_head:
            waiting = _placed(found, HEAD, waiting)
    return found


def comments(text: str) -> int:
    """How many whole-line comments a text has."""
    return sum(line.strip().startswith("#") for line in text.splitlines())


def inline(value: Any) -> str:
    """One value on one line; TypeError for what TOML has no word for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | date):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key(name)} = {inline(one)}" for name, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline, value))}]"
    raise TypeError(f"{type(value).__name__} has no form in TOML")


def quoted(text: str) -> str:
    """A basic string."""
    return f'"{CONTROL.sub(_escaped, text)}"'


def key(name: str) -> str:
    """A key, quoted where it must be."""
    return name if BARE.fullmatch(name) else quoted(name)


def _escaped(found: re.Match[str]) -> str:
    return ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}")


def _placed(
    found: dict[tuple[str, str], list[str]], place: tuple[str, str], waiting: list[str]
) -> list[str]:
    if waiting:
        found.setdefault(place, []).extend(waiting)
    return []


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping) and not _is_tables(value)


def _tables(name: str, value: Any, said: Comments) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _table(f"[{key(name)}]", value, said.get((name, ""), ()))
        return
    for one in value:
        identity = one.get("id")
        above = said.get((name, identity), ()) if isinstance(identity, str) else ()
        yield from _table(f"[[{key(name)}]]", one, above)


def _table(header: str, values: Mapping[str, Any], above: Iterable[str]) -> Iterator[str]:
    yield ""
    yield from above
    yield header
    for name, one in values.items():
        yield from _entry(name, one)


def _entry(name: str, value: Any) -> Iterator[str]:
    if not _is_tables(value):
        yield f"{key(name)} = {inline(value)}"
        return
    yield f"{key(name)} = ["
    yield from (f"  {inline(one)}," for one in value)
    yield "]"


def _nested(path: tuple[str, ...], values: Mapping[str, Any]) -> Iterator[str]:
    plain = {name: one for name, one in values.items() if not isinstance(one, Mapping)}
    if path and (plain or not values):
        yield ""
        yield f"[{'.'.join(map(key, path))}]"
    for name, one in plain.items():
        yield f"{key(name)} = {inline(one)}"
    for name, one in values.items():
        if isinstance(one, Mapping):
            yield from _nested((*path, name), one)
