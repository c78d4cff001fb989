"""Editions of the shipped rubrics from a few records, as parts and as signed files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rankings.adapters import rubric_files
from rankings.adapters.bundle import Press
from rankings.scoring.record import Answer, Asked, Events, Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Level, Proportion, Rate
from rankings.scoring.source import Code, RubricSource, read
from rankings.usecases import core_comparison, edition_parts
from rankings.usecases.edition_parts import Heading, Listed, Part

RUBRICS = Path(__file__).resolve().parents[2] / "fixtures" / "rubrics"
VN, KH = "coc-vn-1.0.0", "kh-code-1.0.0"
Parts = dict[str, Part]


def source(rubric: str) -> RubricSource:
    return rubric_files.source(RUBRICS / rubric)


def answered(rubric: Rubric, place: int = -1, grade: str = "audit") -> dict[str, list[Answer]]:
    """The best answer (or the one at a place, the worst is 0) to every question with options."""
    return {
        one.id: [Answer(sorted(one.rule.options, key=lambda each: each.points)[place].id, grade)]
        for one in rubric.indicators
        if isinstance(one.rule, Level)
    }


def record(rubric: Rubric, code: str, **more: Any) -> Record:
    """An agency that does everything well, with workers who say so and no complaint."""
    usual: dict[str, Any] = {
        "answers": answered(rubric),
        "interviews": {
            one.id: Asked(40, 40) for one in rubric.indicators if isinstance(one.rule, Proportion)
        },
        "events": {
            one.id: Events([], [Fraction(5000)] * len(one.rule.steps))
            for one in rubric.indicators
            if isinstance(one.rule, Rate)
        },
        "facts": {
            field.id: Fraction(900) if field.type == "number" else _word(field.id)
            for field in rubric.fields
        },
        "interviewed": 40,
    }
    return Record(id=code, **(usual | more))


def _word(field: str) -> str:
    return "valid" if field == "licence" else "yes"


def parts(rubric: str, association: str, records: list[Record]) -> Parts:
    """Every part of an edition."""
    code = read(source(rubric))
    heading = Heading(
        association={"code": association, "name": association, "country": "VN"},
        cycle={"slug": "2026", "name": "2026", "as_of": "2026-06-30"},
        source=source(rubric),
        caps=[],
    )
    listed = [Listed(_identity(one.id), one) for one in records]
    return dict(edition_parts.Edition(heading, code).parts(listed))


def _identity(code: str) -> dict[str, Any]:
    licence = {
        "authority": "DOLAB",
        "number": code,
        "licensed_on": "2015-05-01",
        "state": "valid",
        "since": "2015-05-01",
        "valid_until": None,
    }
    return {"code": code, "names": {"vi": f"Ví Dụ {code}"}, "former_names": [], "licence": licence}


def agencies(found: Parts) -> list[Part]:
    return [part for name, part in found.items() if name.startswith(edition_parts.AGENCIES)]


def edition(rubric: str, found: Parts) -> core_comparison.Edition:
    """As a comparison takes it."""
    read_ = read(source(rubric)).rubric
    return core_comparison.Edition(read_, found[edition_parts.RANKING], agencies(found))


def file(folder: Path, rubric: str, found: Parts) -> Path:
    """As a signed file with a manifest that says just enough."""
    folder.mkdir()
    code: Code = read(source(rubric))
    press = Press(folder, Ed25519PrivateKey.generate())
    press.start(code)
    for name, part in found.items():
        press.add(name, part)
    contents = press.finish()
    path = folder / "signed.zip"
    path.write_bytes(press.seal({"number": 1, **contents}))
    return path
