"""A rubric as text: what lies in a folder, what a cycle freezes, what an edition carries."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from rankings.scoring.labels import Labels, parse_labels
from rankings.scoring.parse import parse
from rankings.scoring.reading import Problem, RubricError
from rankings.scoring.rubric import Rubric

# A rubric of 500 indicators has about 200 kB of text per language.
MAX_CHARACTERS = 2_000_000
# A dotted key takes the reader time that grows with the square of its parts.
PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
DEEP_KEY = re.compile(rf"(?<![\w\\-]){PART}(?:[ \t]*+\.[ \t]*+{PART}){{30}}")


@dataclass(frozen=True, slots=True)
class RubricSource:
    """The text of `rubric.toml` and of each `labels.<language>.toml`."""

    document: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of conduct that has been read: its rubric, and its words by language."""

    rubric: Rubric
    labels: Mapping[str, Labels]


def read(source: RubricSource) -> Code:
    """The rubric and labels of a source; RubricError names everything that is wrong in any file."""
    return _read(source.document, tuple(sorted(source.labels.items())))


# Reading takes longer than all else in a page, and the same text always says the same.
@lru_cache(maxsize=8)
def _read(document: str, texts: tuple[tuple[str, str], ...]) -> Code:
    source = RubricSource(document, dict(texts))
    rubric = parse(toml("rubric.toml", source.document))
    problems: list[Problem] = []
    labels: dict[str, Labels] = {}
    for language in rubric.languages:
        try:
            labels[language] = _labels(rubric, language, source.labels)
        except RubricError as error:
            problems += error.problems
    for language in sorted(source.labels.keys() - set(rubric.languages)):
        file = f"labels.{language}.toml"
        problems.append(Problem(file, "(file)", "is not among the languages of the rubric"))
    if problems:
        raise RubricError(problems)
    return Code(rubric, labels)


def _labels(rubric: Rubric, language: str, texts: Mapping[str, str]) -> Labels:
    file = f"labels.{language}.toml"
    if language not in texts:
        raise RubricError([Problem(file, "(file)", "is missing; the rubric declares it")])
    return parse_labels(rubric, language, toml(file, texts[language]))


def toml(file: str, text: str) -> dict[str, Any]:
    """One parsed file with exact decimals; RubricError where it is no TOML."""
    if len(text) > MAX_CHARACTERS:
        sentence = f"is longer than {MAX_CHARACTERS} characters"
        raise RubricError([Problem(file, "(file)", sentence)])
    if DEEP_KEY.search(text):
        raise RubricError([Problem(file, "(file)", "has a key of more than 30 parts")])
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError as error:
        raise RubricError([Problem(file, "(file)", "is nested too deep")]) from error
    except tomllib.TOMLDecodeError as error:
        sentence = f"is not valid TOML: {error}"
        raise RubricError([Problem(file, "(file)", sentence)]) from error
    except (ValueError, InvalidOperation) as error:
        raise RubricError([Problem(file, "(file)", "holds a number of too many digits")]) from error
