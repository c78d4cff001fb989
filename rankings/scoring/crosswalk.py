"""A shared core of several codes of conduct: which indicators of each stand for its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.scoring.reading import Problem, RubricError, Section, shown
from rankings.scoring.rubric import Rubric

CORE = "core.toml"
Versioned = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that every code asks for in its own way."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A version of a rubric: weights of its indicators by item, and why an item has none."""

    file: str
    items: Mapping[str, Mapping[str, Fraction]]
    absent: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A version of the core with every rubric version that it knows."""

    code: str
    version: str
    items: Sequence[Item]
    rubrics: Mapping[Versioned, Mapped]


def parse(files: Mapping[str, Mapping[str, Any]]) -> Crosswalk:
    """The crosswalk of parsed files by name; RubricError names everything that is wrong."""
    problems: list[Problem] = []
    if CORE not in files:
        raise RubricError([Problem(CORE, "(file)", "is missing: it names the items of the core")])
    core = Section(CORE, "", files[CORE], problems)
    code, version = core.required("code"), core.required("version")
    items = _items(core)
    rubrics: dict[Versioned, Mapped] = {}
    for name in sorted(files.keys() - {CORE}):
        section = Section(name, "", files[name], problems)
        key = section.required("code"), section.required("version")
        if key in rubrics:
            section.problem("version", f"{shown(key[1])} of {key[0]} stands in another file too")
        rubrics[key] = _mapped(name, section, [one.id for one in items])
    if problems:
        raise RubricError(problems)
    return Crosswalk(code, version, items, rubrics)


def check(crosswalk: Crosswalk, rubric: Rubric) -> None:
    """RubricError where the crosswalk names indicators that the rubric has not."""
    mapped = crosswalk.rubrics[rubric.code, rubric.version]
    known = {one.id for one in rubric.indicators}
    problems = [
        Problem(mapped.file, f"items.{item}", f"{shown(one)} is not an indicator of the rubric")
        for item, weights in mapped.items.items()
        for one in weights
        if one not in known
    ]
    if problems:
        raise RubricError(problems)


def _items(core: Section) -> tuple[Item, ...]:
    found = []
    for one in core.sections("items"):
        found.append(Item(one.required("id"), one.required("name")))
        one.close()
    ids = [one.id for one in found]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        core.problem("items", f"{shown(twice)} stands there twice: give each item its own id")
    if not found:
        core.problem("items", "is missing: name at least one item")
    core.close()
    return tuple(found)


def _mapped(file: str, section: Section, items: Sequence[str]) -> Mapped:
    weighed, absent = section.section("items"), section.section("absent")
    found = {name: weighed.numbers(name) for name in weighed.table}
    why = {name: absent.required(name) for name in absent.table}
    for name in items:
        if bool(found.get(name)) == (name in why):
            section.problem(f"items.{name}", "give indicators with weights, or say why in [absent]")
    for name in sorted((found.keys() | why.keys()) - set(items)):
        section.problem(f"items.{name}", f"is not an item of {CORE}")
    _check_weights(section, found)
    section.close()
    return Mapped(file, found, why)


def _check_weights(section: Section, found: Mapping[str, Mapping[str, Fraction]]) -> None:
    taken: dict[str, str] = {}
    for item, weights in found.items():
        for indicator, weight in weights.items():
            place = f"items.{item}.{indicator}"
            if weight <= 0:
                section.problem(place, f"{shown(weight)} must be above 0")
            if indicator in taken:
                said = f"stands for {shown(taken[indicator])} already: once in the core"
                section.problem(place, said)
            taken[indicator] = item
