"""Crosswalks on disk: a folder with `core.toml` and a file for each version of a rubric."""

from __future__ import annotations

from pathlib import Path

from rankings.adapters import rubric_files
from rankings.scoring.crosswalk import Crosswalk, parse
from rankings.scoring.source import toml


def load(folder: Path) -> Crosswalk:
    """The crosswalk of a folder; RubricError names everything that is wrong."""
    files = sorted(folder.glob("*.toml"))
    return parse({file.name: toml(file.name, rubric_files.text(file)) for file in files})
