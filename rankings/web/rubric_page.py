"""What pages about rubrics show: changes in groups, the tree in short, and texts that were sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from werkzeug.datastructures import FileStorage

from rankings import publishing
from rankings.adapters import rubric_files
from rankings.adapters.rubric_workbook_sheets import names
from rankings.errors import Invalid, Problem
from rankings.scoring.difference import RUBRIC, Change, difference
from rankings.scoring.source import Code, RubricSource, read
from rankings.web import settings_words
from rankings.web.languages import language
from rankings.web.languages import say as _

SHIPPED = publishing.FEE_CAPS.parent / "rubrics"
LABELS = re.compile(r"labels\.([a-z]{2,3})\.toml", re.ASCII)
DOCUMENT = "document"
# Of a group on a page; the rest is counted.
SHOWN = 400
LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A change in words; `name` is what the entry is called."""

    sentence: str
    name: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one file; `more` are not listed."""

    title: str
    lang: str
    lines: tuple[Line, ...]
    more: int
    many: int


@dataclass(frozen=True, slots=True)
class Short:
    """A version in short: how much it holds, and the weights of its articles."""

    title: str
    languages: tuple[str, ...]
    articles: int
    indicators: int
    bands: int
    caps: int


@cache
def shipped() -> dict[str, RubricSource]:
    """The rubrics that come with the software, by folder."""
    return {one.name: rubric_files.source(one) for one in sorted(SHIPPED.iterdir())}


def of(source: RubricSource) -> Short:
    """A stored version in short."""
    code = read(source)
    rubric = code.rubric
    return Short(
        _title(code),
        rubric.languages,
        len(rubric.nodes) - 1,
        len(rubric.indicators),
        len(rubric.bands),
        len(rubric.caps),
    )


def between(old: RubricSource, new: RubricSource) -> list[Group]:
    """What changed between two stored versions."""
    return groups(difference(old, new), new)


def groups(changes: Sequence[Change], source: RubricSource) -> list[Group]:
    """Changes by file, the rules first."""
    known = names(read(source), language())
    files = dict.fromkeys(one.file for one in changes)
    return [_group(file, [one for one in changes if one.file == file], known) for file in files]


def _group(file: str, changes: Sequence[Change], known: Mapping[str, str]) -> Group:
    found = LABELS.fullmatch(file)
    spoken = found[1] if found else ""
    title = _("Texts, %(language)s", language=spoken) if spoken else _("Rules")
    lines = tuple(_line(one, known) for one in changes[:SHOWN])
    return Group(title, spoken, lines, max(0, len(changes) - SHOWN), len(changes))


def _line(change: Change, known: Mapping[str, str]) -> Line:
    entry = change.place.rpartition(".")[0] if not change.place.endswith("]") else change.place
    name = known.get(entry, "") if change.file == RUBRIC else ""
    nothing = "–"
    was, becomes = (nothing if one is None else one for one in (change.was, change.becomes))
    return Line(settings_words.sentence(change), name, was, becomes)


def _title(code: Code) -> str:
    spoken = [one for one in (language(), *code.rubric.languages) if one in code.labels]
    return code.labels[spoken[0]].of("title") if spoken else ""


def sent(form: Mapping[str, str], files: Iterable[FileStorage]) -> RubricSource:
    """The texts of a form: areas by the names of files, and files, which replace them."""
    texts = {name: _clean(text) for name, text in form.items() if _is_text(name)}
    texts |= dict(_uploaded(files))
    labels = {found[1]: text for name, text in texts.items() if (found := LABELS.fullmatch(name))}
    return RubricSource(texts.get(RUBRIC, ""), {one: text for one, text in labels.items() if text})


def _is_text(name: str) -> bool:
    return name == RUBRIC or LABELS.fullmatch(name) is not None


def _uploaded(files: Iterable[FileStorage]) -> Iterator[tuple[str, str]]:
    for file in files:
        name = (file.filename or "").rpartition("/")[2]
        if not name:
            continue
        if not _is_text(name):
            raise Invalid([Problem(name[:80], "", "must be rubric.toml or labels.xx.toml")])
        body = file.stream.read(LARGEST + 1)
        try:
            yield name, _clean(body.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            remedy = f"is not UTF-8 at byte {error.start}"
            raise Invalid([Problem(name, "", remedy)]) from error


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "")
