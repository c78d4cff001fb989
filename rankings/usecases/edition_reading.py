"""What an edition or a candidate was made from, read from its own parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from rankings.scoring.rubric import Rubric
from rankings.scoring.source import RubricSource
from rankings.usecases import record_values
from rankings.usecases.edition_parts import (
    AGENCIES,
    FEE_CAPS,
    RANKING,
    RUBRIC,
    Heading,
    Listed,
)


class View(Protocol):
    """An edition or a candidate as it can be read."""

    manifest: dict[str, Any]

    def part(self, name: str) -> dict[str, Any]:
        """A part as plain values."""

    def part_body(self, name: str) -> bytes:
        """A part byte for byte."""


def heading(view: View) -> Heading:
    """What it is about."""
    ranking, rubric = view.part(RANKING), view.part(RUBRIC)
    source = RubricSource(rubric["document"], rubric["labels"])
    caps = view.part(FEE_CAPS)["caps"]
    return Heading(ranking["association"], ranking["cycle"], source, caps)


def listed(view: View, rubric: Rubric) -> Iterator[Listed]:
    """The agencies with their inputs, in the order of their codes."""
    for name in sorted(view.manifest["parts"]):
        if name.startswith(AGENCIES):
            part = view.part(name)
            inputs = part.pop("inputs")
            part.pop("receipt")
            yield Listed(part, record_values.record(rubric, part["code"], inputs))
