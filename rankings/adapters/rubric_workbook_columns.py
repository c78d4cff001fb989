"""The sheets of a rubric's workbook: which keys of the rubric they hold, and how a cell reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from rankings.adapters.assessment_workbook_words import N_
from rankings.adapters.workbook_table import HEADING
from rankings.scoring.parse import AGGREGATES
from rankings.scoring.parse_indicators import EMPTY, RULES
from rankings.scoring.reading import exact, shown
from rankings.scoring.rubric import TOTAL
from rankings.scoring.writing import inline

FORMAT = "rubric 2"
TOTAL_ROW = TOTAL
BEHIND = "/"
# The reader of rubrics refuses what has more digits in all.
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
# How a cell is read: id and name are looked at only, rest tells what has no column.
ID, NAME, WORD, NUM, YES_NO, WORDS, REST = "id", "name", "word", "number", "yes_no", "words", "rest"
# Where the choices of a cell stand: the ids of another sheet.
NODES, BANDS_IDS = "=Articles", "=Bands"
YES, NO = "yes", "no"

Document = dict[str, Any]
Slot = tuple[Document, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of the rubric, how it reads, how wide it is, what may be chosen."""

    key: str
    kind: str
    width: float = 11
    choices: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a row per entry; `spare` empty rows at its end take new ones."""

    name: str
    columns: tuple[Column, ...]
    spare: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids of the columns."""
        return tuple(column.key for column in self.columns)

    @property
    def typed(self) -> tuple[Column, ...]:
        """The columns that are filled in."""
        return tuple(one for one in self.columns if one.kind not in (ID, NAME, REST))

    @property
    def letters(self) -> Mapping[str, int]:
        """Where each column stands, from 0."""
        return {column.key: at for at, column in enumerate(self.columns)}


def _number(key: str, words: str) -> Column:
    return Column(key, NUM, 11, (), words)


IDENTITY = Column("id", ID, 16, (), HEADING)
NAMED = Column("name", NAME, 44, (), N_("Name"))
OTHERS = Column("rest", REST, 50, (), N_("Further rules (changed in the text only)"))
PARENT = Column("parent", WORD, 14, (NODES,), N_("Belongs to"))
WEIGHT = _number("weight", N_("Weight"))

RULES_SHEET = Sheet(
    "Rules",
    (IDENTITY, Column("value", WORD, 60, (), N_("Value"))),
    0,
)
ARTICLES = Sheet(
    "Articles",
    (
        *(IDENTITY, NAMED, PARENT, WEIGHT),
        _number("weights_sum", N_("Sum of the weights below")),
        Column("aggregate", WORD, 12, AGGREGATES, N_("Made up by")),
        Column("start", WORD, 12, (), N_("Starts from")),
        _number("floor", N_("Floor")),
        _number("min_applicable", N_("Least share that applies")),
        _number("min_children", N_("Least number of parts")),
        _number("round_to", N_("Rounded to")),
        OTHERS,
    ),
    10,
)
INDICATORS = Sheet(
    "Indicators",
    (
        *(IDENTITY, NAMED, PARENT, WEIGHT),
        Column("type", WORD, 12, tuple(RULES), N_("Kind")),
        _number("max", N_("Best value")),
        Column("not_applicable", YES_NO, 12, (YES, NO), N_("May not apply")),
        Column("empty", WORD, 16, EMPTY, N_("Where it is empty")),
        *(_number(one, one) for one in ("worst", "best")),
        Column("transform", WORD, 10, ("linear", "log"), "transform"),
        *(_number(one, one) for one in ("p0", "m", "min_respondents", "mu", "k", "phi", "per")),
        Column("shrunk", YES_NO, 9, (YES, NO), "shrunk"),
        _number("min", "min"),
        OTHERS,
    ),
    20,
)
OPTIONS = Sheet("Options", (IDENTITY, NAMED, Column("points", NUM, 11, (), N_("Points"))), 60)
BANDS = Sheet(
    "Bands",
    (
        *(IDENTITY, NAMED),
        *(_number(one, one) for one in ("at_least", "at_most")),
        Column("top", NUM, 11, (), "top"),
        _number("stars", N_("Stars")),
        *(_number(one, one) for one in ("pillars_at_least", "each_at_least", "each_at_most")),
        *(_number(one, one) for one in ("confidence_at_least", "interviews_at_least")),
        OTHERS,
    ),
    5,
)
CAPS = Sheet(
    "Caps",
    (
        *(IDENTITY, NAMED),
        Column("ceiling", WORD, 12, (BANDS_IDS,), N_("Best band that is left")),
        Column("findings", WORDS, 40, (), N_("Findings, with commas between them")),
        _number("months", N_("Months")),
        Column("until", WORD, 16, (), N_("Until")),
        OTHERS,
    ),
    5,
)
SHEETS = (RULES_SHEET, ARTICLES, INDICATORS, OPTIONS, BANDS, CAPS)
LISTS = {"Articles": "nodes", "Indicators": "indicators", "Bands": "bands", "Caps": "caps"}
LABELS, OTHER, ABOUT = "Labels", "Other", "About"
SPARE_LABELS = 150

GRADES = ("audit", "document", "self")
# The single values of a rubric by their place, with how each reads.
RULE_ROWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "finding_codes": (WORDS, ()),
    "scale.max": (NUM, ()),
    "scale.decimals": (NUM, ()),
    "scale.rounding": (WORD, ("half_up", "half_even")),
    "scale.direction": (WORD, ("higher_is_better", "lower_is_better")),
    **{
        f"evidence.{key}.{grade}": (NUM, ()) for key in ("credit", "confidence") for grade in GRADES
    },
    **{
        f"evidence.overclaim.{key}": (NUM, ())
        for key in ("min_found", "rate_above", "z", "credit_self")
    },
    "evidence.overclaim.ceiling": (WORD, ()),
    "missing.empty": (WORD, EMPTY),
    **{
        f"missing.{key}": (NUM, ())
        for key in ("min_applicable", "min_applicable_total", "disputed_above")
    },
    "banding.by": (WORD, ("points", "quantile")),
    "banding.buffer": (NUM, ()),
    "banding.within": (WORD, ()),
    "banding.clamp": (YES_NO, (YES, NO)),
    "rank.by": (WORD, ("published", "points", "exact", "band")),
    "rank.ties": (WORD, ("shared", "dense")),
    "ranges.draws": (NUM, ()),
    **{f"ranges.shift.{grade}": (NUM, ()) for grade in GRADES},
    **{
        f"ranges.{key}": (NUM, ())
        for key in ("over_claimed", "borderline_below", "places_from", "place_ranges_from")
    },
}


def kind(sheet: Sheet, identity: str, column: Column) -> tuple[str, tuple[str, ...]]:
    """How a cell reads, and what may be chosen in it."""
    return RULE_ROWS[identity] if sheet is RULES_SHEET else (column.kind, column.choices)


def entries(document: Document, sheet: Sheet) -> Iterator[tuple[str, Document]]:
    """The rows of a sheet: id and the very table of the document."""
    if sheet is RULES_SHEET:
        yield from ((identity, {}) for identity in RULE_ROWS)
    elif sheet is OPTIONS:
        for one in document.get("indicators", []):
            for option in one.get("options", []):
                yield f"{one['id']}{BEHIND}{option['id']}", option
    else:
        if sheet is ARTICLES:
            yield TOTAL_ROW, document.get("total", {})
        yield from ((one["id"], one) for one in document.get(LISTS[sheet.name], []))


def place(sheet: Sheet, identity: str, key: str = "") -> str:
    """Where a cell stands in the rubric, as its checks name it."""
    if sheet is RULES_SHEET:
        return identity
    if sheet is OPTIONS:
        indicator, _, option = identity.partition(BEHIND)
        found = f"indicators[{indicator}].options[{option}]"
    elif sheet is ARTICLES and identity == TOTAL_ROW:
        found = TOTAL
    else:
        found = f"{LISTS[sheet.name]}[{identity}]"
    return f"{found}.{key}" if key else found


def rule(document: Document, identity: str) -> Any:
    """A single value by its place, or None."""
    value: Any = document
    for part in identity.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def rest(sheet: Sheet, entry: Mapping[str, Any]) -> str:
    """What of an entry has no column, as TOML on one line."""
    known = {*sheet.keys, "options"}
    left = {key: value for key, value in entry.items() if key not in known}
    return inline(left) if left else ""


def others(document: Document) -> dict[str, Any]:
    """What of a document stands on no sheet at all."""
    left = deepcopy(document)
    for key in (*LISTS.values(), TOTAL, "code", "version"):
        left.pop(key, None)
    for identity in RULE_ROWS:
        _forget(left, identity.split("."))
    return {key: value for key, value in left.items() if value != {}}


def _forget(table: Document, path: list[str]) -> None:
    first, *more = path
    if not more:
        table.pop(first, None)
    elif isinstance(table.get(first), dict):
        _forget(table[first], more)
        if not table[first]:
            del table[first]


def said(value: Any) -> str:
    """A value as its cell shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return ", ".join(map(str, value))
    number = exact(value)
    return clean(value) if isinstance(value, str) else shown(value if number is None else number)


def meant(how: str, text: str) -> Any:
    """What a cell says; what it cannot mean stays a text, which the checks of a rubric name."""
    if text == "":
        return None
    if how == YES_NO:
        return {YES: True, NO: False}.get(text.casefold(), text)
    if how == WORDS:
        return [one.strip() for one in text.split(",") if one.strip()]
    if how == NUM and NUMBER.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    return text


def clean(text: str) -> str:
    """A text as it is read again from a cell."""
    return normalize("NFC", text).strip()
