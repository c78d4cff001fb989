"""Small rubrics and records for tests: TOML in, a scorer out."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rankings.scoring.parse import parse
from rankings.scoring.record import Answer, Record
from rankings.scoring.score import Scorecard, Scorer

DAY = date(2026, 6, 30)
HEAD = 'code = "small"\nversion = "1.0.0"\n'
EVIDENCE = "[evidence]\ncredit = { audit = 1, document = 0.9, self = 0.6 }\n"


def tables(text: str) -> dict[str, Any]:
    """A rubric's TOML as tables; `code` and `version` are added."""
    return tomllib.loads(HEAD + text, parse_float=Decimal)


def scorer_of(text: str) -> Scorer:
    return Scorer(parse(tables(text)))


def points_of(values: Mapping[str, object], **more: object) -> Record:
    """A record whose answers are audited: numbers as texts, options as words after `=`."""
    answers = {code: [Answer(_value(value))] for code, value in values.items()}
    return Record(**({"id": "one", "answers": answers} | more))  # type: ignore[arg-type]


def _value(value: object) -> Fraction | str:
    text = str(value)
    return text[1:] if text.startswith("=") else Fraction(text)


def node(scorer: Scorer, card: Scorecard, code: str) -> Fraction | None:
    """The exact value of a node or indicator after credit."""
    assert card.workings is not None
    return card.workings.value(scorer.tree.places[code])


def tens(*codes: str, parent: str = "", more: str = "", high: int = 100) -> str:
    """`points` indicators from 0 to `high`."""
    under = f'parent = "{parent}"\n' if parent else ""
    return "".join(
        f'[[indicators]]\nid = "{code}"\n{under}type = "points"\nmin = 0\nmax = {high}\n{more}\n'
        for code in codes
    )
