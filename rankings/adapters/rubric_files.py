"""Rubrics on disk: a folder with `rubric.toml` and labels, or a single TOML file."""

from __future__ import annotations

from pathlib import Path

from rankings.scoring.reading import Problem, RubricError
from rankings.scoring.source import RubricSource

LARGEST = 8_000_000


def source(path: Path) -> RubricSource:
    """The texts of a rubric folder, or of one `.toml` file with the labels beside it.

    Raises RubricError where a file cannot be read.
    """
    file = path / "rubric.toml" if path.is_dir() else path
    labels = {
        each.name.removeprefix("labels.").removesuffix(".toml"): _text(each)
        for each in sorted(file.parent.glob("labels.*.toml"))
    }
    return RubricSource(_text(file), labels if file.name == "rubric.toml" else {})


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise RubricError([Problem(file.name, "(file)", f"is larger than {LARGEST} bytes")])
        return file.read_text("utf-8")
    except OSError as error:
        problem = Problem(str(file), "(file)", f"cannot be read: {error.strerror}")
        raise RubricError([problem]) from error
    except UnicodeDecodeError as error:
        problem = Problem(file.name, "(file)", f"is not UTF-8 at byte {error.start}")
        raise RubricError([problem]) from error
