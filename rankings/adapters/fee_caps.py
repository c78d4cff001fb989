"""The table of legal fee caps on disk."""

from __future__ import annotations

from pathlib import Path

from rankings.adapters import rubric_files
from rankings.scoring.fees import FeeCap
from rankings.scoring.parse_fees import parse_caps
from rankings.scoring.source import toml


def load(file: Path) -> tuple[FeeCap, ...]:
    """The rows of a file; RubricError names everything that is wrong."""
    return parse_caps(toml(file.name, rubric_files.text(file)), file.name)
