"""A row of a table while its cells are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from rankings.scoring.conditions import Fact
from rankings.scoring.record import Answer, Asked, CapEvent, Events, Record
from rankings.scoring.score import INSUFFICIENT


@dataclass(slots=True)
class Row:
    """What the cells of a row say, before it has a name."""

    answers: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    interviews: dict[str, Asked] = field(default_factory=dict)
    events: dict[str, Events] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    caps: dict[str, CapEvent] = field(default_factory=dict)
    state: str | None = None
    previous_band: str | None = None
    interviewed: int | None = None
    insufficient: bool = False

    def record(self, code: str) -> Record:
        """The finished record; an empty cell may have made it insufficient."""
        return Record(
            code,
            self.answers,
            self.interviews,
            self.events,
            self.marks,
            self.facts,
            self.caps,
            self.state or (INSUFFICIENT if self.insufficient else None),
            self.previous_band,
            self.interviewed,
        )
