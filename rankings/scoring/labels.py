"""The words of a rubric in one language: what must be there follows from the rubric."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rankings.scoring.reading import Problem, RubricError
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level

MAX_LENGTH = 600
PLACEHOLDERS = {
    "numeric": {"value"},
    "points": {"value"},
    "proportion": {"good", "asked"},
    "rate": {"rate"},
}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """Every text of a rubric in one language, by its path: `labels.of("nodes", "fees")`."""

    language: str
    texts: Mapping[Path, str]

    def of(self, *path: str) -> str:
        """The text at a path; KeyError names a path that no rubric gives rise to."""
        return self.texts[path]


def parse_labels(rubric: Rubric, language: str, document: Mapping[str, Any]) -> Labels:
    """The labels of a parsed `labels.<language>.toml`.

    Raises RubricError naming every label that is missing, empty, unknown, or holds markup.
    """
    file = f"labels.{language}.toml"
    wanted, texts = dict(_wanted(rubric)), dict(_flat(document))
    problems = [Problem(file, ".".join(path), "is missing") for path in wanted if path not in texts]
    for path, text in texts.items():
        sentence = _problem(text, wanted[path]) if path in wanted else "belongs to nothing"
        if sentence:
            problems.append(Problem(file, ".".join(path), sentence))
    if problems:
        raise RubricError(problems)
    return Labels(language, texts)


def _flat(document: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, value in document.items():
        if isinstance(value, dict) and len(path) < 6:
            yield from _flat(value, (*path, key))
        else:
            yield (*path, key), value


def _problem(text: object, placeholders: set[str]) -> str | None:
    if not isinstance(text, str) or not text.strip():
        return "must be a text that is not empty"
    if len(text) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH} characters"
    if "<" in text or ">" in text or any(ord(one) < 32 for one in text):
        return "must be plain words without markup or line breaks"
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return "has a brace that is not closed"
    return next(_placeholder_problems(parts, placeholders), None)


def _placeholder_problems(
    parts: Iterable[tuple[str, str | None, str | None, str | None]], known: set[str]
) -> Iterator[str]:
    for _, name, layout, conversion in parts:
        if name is not None and name not in known:
            yield f"uses {{{name}}}, which is not known here; known: {_braced(known)}"
        elif layout or conversion:
            yield f"must write {{{name}}} alone, without : or ! inside the braces"


def _braced(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"


def _wanted(rubric: Rubric) -> Iterator[tuple[Path, set[str]]]:
    """Every path of a label, with the placeholders its text may use."""
    plain: list[Path] = [("title",), ("summary",)]
    plain += [("nodes", node.id) for node in rubric.nodes[1:]]
    plain += [("bands", band.id, key) for band in rubric.bands for key in ("label", "meaning")]
    plain += [("caps", cap.id, key) for cap in rubric.caps for key in ("label", "sentence")]
    plain += [("states", state.id, "label") for state in rubric.states]
    plain += [("adjust", step.id, "label") for node in rubric.nodes for step in node.adjust]
    yield from ((path, set()) for path in plain)
    for indicator in rubric.indicators:
        yield from _indicator(indicator)


def _indicator(indicator: Indicator) -> Iterator[tuple[Path, set[str]]]:
    start: Path = ("indicators", indicator.id)
    for key in ("question", "guidance", "evidence"):
        yield (*start, key), set()
    if isinstance(indicator.rule, Level):
        for option in indicator.rule.options:
            for key in ("label", "reason"):
                yield (*start, "options", option.id, key), set()
    else:
        yield (*start, "reason"), PLACEHOLDERS[indicator.type]
