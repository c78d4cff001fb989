"""What a rubric becomes by its workbook: only cells that differ change anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from rankings.adapters.assessment_workbook_words import N_
from rankings.adapters.rubric_workbook_columns import (
    ABOUT,
    ARTICLES,
    BEHIND,
    LABELS,
    LISTS,
    OPTIONS,
    OTHER,
    OTHERS,
    RULES_SHEET,
    SHEETS,
    TOTAL_ROW,
    WORDS,
    Document,
    Sheet,
    clean,
    entries,
    kind,
    meant,
    others,
    place,
    rest,
    rule,
    said,
)
from rankings.adapters.workbook_form import Form
from rankings.adapters.workbook_table import Kind, Table
from rankings.adapters.zawgyi import unicode_text
from rankings.errors import Invalid, Problem
from rankings.scoring import source as sources
from rankings.scoring import writing
from rankings.scoring.difference import flat
from rankings.scoring.reading import Problem as Fault
from rankings.scoring.reading import RubricError, exact
from rankings.scoring.rubric import TOTAL
from rankings.scoring.source import RubricSource, toml

RUBRIC = "rubric.toml"
VERSION = re.compile(r"""^version[ \t]*=[ \t]*(?:"[^"\n]*"|'[^'\n]*')""", re.MULTILINE)
LONGEST_SHOWN = 60

TWICE = N_("This row stands twice. Delete one of them.")
LOST = N_("The row of this entry is missing. Entries are removed in the text of the rubric.")
FIXED = N_("This cannot be changed here. Change it in the text of the rubric.")
UNKNOWN = N_("There is no such row. Take one that is there.")
NO_QUESTION = N_("The id of an answer is that of a question, a slash, and its own: 3.2/none.")


class Reader:
    """Goes through the sheets; `places` tells for places of the rubric the cell and its text."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.places: dict[str, tuple[str, str]] = {}

    def wrong(self, place_of_cell: str, value: str, remedy: str) -> None:
        """Note what cannot be taken."""
        self.problems.append(Problem(place_of_cell, value[:LONGEST_SHOWN], remedy))

    def rows(self, table: Table) -> Iterator[tuple[int, str]]:
        """Every row once."""
        seen: set[str] = set()
        for number, identity in table.rows():
            if identity in seen:
                self.wrong(table.place(number), identity, TWICE)
            else:
                seen.add(identity)
                yield number, identity
        self.problems += table.problems

    def missing(self, sheet: str, wanted: Sequence[str], found: set[str]) -> None:
        """Note the rows that are gone."""
        for one in wanted:
            if one not in found:
                self.wrong(sheet, one, LOST)


def edited(base: RubricSource, forms: Mapping[str, Form], version: str) -> RubricSource:
    """The rubric of the filled-in sheets, with its new number; Invalid names every mistake."""
    reader, document = Reader(), toml(RUBRIC, base.document)
    before = deepcopy(document)
    for sheet in SHEETS:
        _edit(reader, Table(forms[sheet.name], _kind(sheet)), sheet, document)
    texts = _labels(reader, Table(forms[LABELS], _kind_of_labels(base)), base)
    _refuse_others(reader, Table(forms[OTHER], Kind(("id", "text"), ("id", "text"), ())), before)
    if reader.problems:
        raise Invalid(reader.problems)
    text = base.document
    if document != before:
        text = writing.document(document, writing.comments_of(base.document))
    made = RubricSource(numbered(text, version), texts)
    _refuse_unsound(reader, made)
    return made


def numbered(document: str, version: str) -> str:
    """The text of a rubric with another version, and otherwise the very same."""
    line = f"version = {writing.quoted(version)}"
    return VERSION.sub(lambda _found: line, document, count=1)


def _kind(sheet: Sheet) -> Kind:
    typed = [one.key for one in sheet.typed]
    fixed = [OTHERS.key] if OTHERS in sheet.columns else []
    return Kind(sheet.keys, ("id", *typed, *fixed), typed)


def _kind_of_labels(base: RubricSource) -> Kind:
    languages = tuple(base.labels)
    return Kind(("id", *languages), ("id", *languages), languages)


def _edit(reader: Reader, table: Table, sheet: Sheet, document: Document) -> None:
    known, found = dict(entries(document, sheet)), set()
    for number, identity in reader.rows(table):
        found.add(identity)
        reader.places[place(sheet, identity)] = table.place(number), identity
        entry = known.get(identity)
        if entry is None:
            entry = _added(reader, table.place(number), sheet, identity, document)
        if entry is not None:
            _fill(reader, table, number, sheet, (identity, entry), document)
            _refuse_rest(reader, table, number, sheet, entry)
    reader.missing(sheet.name, list(known), found)
    if sheet is ARTICLES and known[TOTAL_ROW]:
        document[TOTAL] = known[TOTAL_ROW]


def _added(
    reader: Reader, cell: str, sheet: Sheet, identity: str, document: Document
) -> Document | None:
    """A new entry at the end of its list; None where it can have no place."""
    if sheet is RULES_SHEET:
        reader.wrong(cell, identity, UNKNOWN)
        return None
    if sheet is not OPTIONS:
        entry: Document = {"id": identity}
        document.setdefault(LISTS[sheet.name], []).append(entry)
        return entry
    question, _, option = identity.partition(BEHIND)
    for one in document.get("indicators", []):
        if one["id"] == question and option:
            entry = {"id": option}
            one.setdefault("options", []).append(entry)
            return entry
    reader.wrong(cell, identity, NO_QUESTION)
    return None


def _fill(
    reader: Reader,
    table: Table,
    number: int,
    sheet: Sheet,
    row: tuple[str, Document],
    document: Document,
) -> None:
    identity, entry = row
    for column in sheet.typed:
        text = table.cell(number, column.key).text
        where = place(sheet, identity, column.key)
        reader.places[where] = table.place(number, column.key), text or ""
        if text is None:
            continue  # a problem of the table
        how, _choices = kind(sheet, identity, column)
        is_rule = sheet is RULES_SHEET
        old = rule(document, identity) if is_rule else entry.get(column.key)
        if not _same(how, old, text):
            path = identity.split(".") if is_rule else [column.key]
            _put(document if is_rule else entry, path, meant(how, text))
    if sheet is OPTIONS:
        _sort(document, identity)


def _same(how: str, old: Any, text: str) -> bool:
    if how == WORDS:
        return (meant(how, text) or []) == (old or [])
    new = meant(how, text)
    if old is None or new is None:
        return old is new
    both = exact(old), exact(new)
    return both[0] == both[1] if None not in both else said(old) == text


def _put(table: Document, path: list[str], value: Any) -> None:
    """Set a value, or take it away; a table that has nothing left goes too."""
    first, *more = path
    if more:
        inner = table.setdefault(first, {})
        _put(inner, more, value)
        if not inner:
            del table[first]
    elif value is None:
        table.pop(first, None)
    else:
        table[first] = value


def _sort(document: Document, identity: str) -> None:
    """Answers stand in ascending order of points; a new one takes its place among them."""
    question = identity.partition(BEHIND)[0]
    options = next(one for one in document["indicators"] if one["id"] == question)["options"]
    points = [exact(one.get("points")) for one in options]
    if None not in points:
        options.sort(key=lambda one: exact(one["points"]))


def _refuse_rest(reader: Reader, table: Table, number: int, sheet: Sheet, entry: Document) -> None:
    if OTHERS not in sheet.columns:
        return
    text = table.cell(number, OTHERS.key).text
    if text is not None and text != clean(rest(sheet, entry)):
        reader.wrong(table.place(number, OTHERS.key), text, FIXED)


def _refuse_others(reader: Reader, table: Table, document: Document) -> None:
    wanted = {key: clean(writing.inline(value)) for key, value in others(document).items()}
    found = {}
    for number, identity in reader.rows(table):
        found[identity] = text = table.cell(number, "text").text
        if text != wanted.get(identity):
            reader.wrong(table.place(number, "text"), text or "", FIXED)
    reader.missing(OTHER, list(wanted), set(found))


def _labels(reader: Reader, table: Table, base: RubricSource) -> dict[str, str]:
    """The texts of each language; where none changed, the very same file."""
    documents = {one: toml(f"labels.{one}.toml", text) for one, text in base.labels.items()}
    old = {one: dict(flat(document)) for one, document in documents.items()}
    changed, found = set(), set()
    for number, identity in reader.rows(table):
        path = tuple(identity.split(BEHIND))
        found.add(identity)
        for one in documents:
            text = table.cell(number, one).text
            cell = table.place(number, one)
            reader.places[f"labels.{one}.toml:{'.'.join(path)}"] = cell, text or ""
            if text is None or text == clean(str(old[one].get(path, ""))):
                continue
            if not _has_room(documents[one], path):
                reader.wrong(table.place(number), identity, UNKNOWN)
                break
            changed.add(one)
            _put(documents[one], list(path), unicode_text(text)[0] if text else None)
    wanted = dict.fromkeys(BEHIND.join(path) for texts in old.values() for path in texts)
    reader.missing(LABELS, list(wanted), found)
    return {
        one: writing.nested(documents[one]) if one in changed else text
        for one, text in base.labels.items()
    }


def _has_room(document: Document, path: Sequence[str]) -> bool:
    """Whether a text can stand at a path: nothing above it is a text, and it is no table."""
    table: Any = document
    for part in path[:-1]:
        table = table.get(part, {}) if isinstance(table, dict) else None
    return isinstance(table, dict) and not isinstance(table.get(path[-1]), dict)


def _refuse_unsound(reader: Reader, made: RubricSource) -> None:
    try:
        sources.read(made)
    except RubricError as error:
        raise Invalid(_told(reader, one) for one in error.problems) from None


def _told(reader: Reader, fault: Fault) -> Problem:
    """A mistake of the rubric by its cell, or by its place where it has none."""
    if fault.key == "version":
        return Problem(ABOUT, "", fault.sentence)
    if fault.file != RUBRIC:
        known = reader.places.get(f"{fault.file}:{fault.key}")
        language = fault.file.split(".")[1]
        cell, value = known or (f"{LABELS} ({language}): {fault.key.replace('.', BEHIND)}", "")
        return Problem(cell, value[:LONGEST_SHOWN], fault.sentence)
    key = fault.key
    while key and key not in reader.places:
        key = key.rpartition(".")[0]
    cell, value = reader.places.get(key, (RUBRIC, ""))
    more = "" if key == fault.key else f" ({fault.key})"
    return Problem(f"{cell}{more}", value[:LONGEST_SHOWN], fault.sentence)
