"""What scoring and publishing need from outside: something that prints, and reads what was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rankings.models import RankingEdition
from rankings.scoring.fees import FeeCap
from rankings.scoring.source import Code
from rankings.usecases.edition_parts import Part

Said = Callable[[str], None]
# Reads a part of an edition that was published.
PartOf = Callable[[RankingEdition, str], Mapping[str, Any]]


class Press(Protocol):
    """Turns parts into one file."""

    def start(self, code: Code) -> None:
        """The rubric of the parts to come."""

    def add(self, name: str, part: Part) -> None:
        """One part."""

    def finish(self) -> Mapping[str, Any]:
        """Makes the files; size and digest of every part and file."""

    def draft(self, contents: Mapping[str, Any]) -> bytes:
        """The unsigned file of a candidate."""

    def seal(self, manifest: Mapping[str, Any]) -> bytes:
        """The signed file of an edition."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What scoring needs from outside; `said` hears of every step before it begins."""

    press: Press
    part_of: PartOf
    caps: Sequence[FeeCap]
    said: Said
