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
    named = sorted(file.parent.glob("labels.*.toml")) if file.name == "rubric.toml" else []
    labels = {each.name.removeprefix("labels.").removesuffix(".toml"): each for each in named}
    return RubricSource(text(file), {language: text(each) for language, each in labels.items()})


def write(folder: Path, source: RubricSource) -> None:
    """The files of a rubric in a new folder; OSError where there is one of that name."""
    folder.mkdir()
    texts = {f"labels.{language}.toml": words for language, words in source.labels.items()}
    for name, body in {"rubric.toml": source.document, **texts}.items():
        (folder / name).write_text(body, "utf-8", newline="\n")


def text(file: Path) -> str:
    """The text of one file; RubricError where it cannot be read."""
    try:
        with file.open("rb") as stream:
            held = stream.read(LARGEST + 1)
        if len(held) > LARGEST:
            raise RubricError([Problem(file.name, "(file)", f"is larger than {LARGEST} bytes")])
        return held.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        problem = Problem(str(file), "(file)", f"cannot be read: {error.strerror}")
        raise RubricError([problem]) from error
    except UnicodeDecodeError as error:
        problem = Problem(file.name, "(file)", f"is not UTF-8 at byte {error.start}")
        raise RubricError([problem]) from error
