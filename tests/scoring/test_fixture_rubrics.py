"""The rubrics that come with the project: whole in every language, and perfection is the best."""

import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from rankings.adapters import rubric_files
from rankings.scoring.labels import Labels, parse_labels
from rankings.scoring.parse import parse
from rankings.scoring.record import Answer, Asked, Events, Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Points, Proportion, Rate
from rankings.scoring.score import Scorer
from rankings.scoring.source import read

FOLDERS = sorted((Path(__file__).parents[2] / "fixtures" / "rubrics").iterdir())
AS_OF = date(2026, 6, 30)


def toml(file: Path) -> dict[str, object]:
    return tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)


def rubric_of(folder: Path) -> Rubric:
    return parse(toml(folder / "rubric.toml"))


def languages() -> list[tuple[Path, str]]:
    return [(folder, language) for folder in FOLDERS for language in rubric_of(folder).languages]


def labels_of(folder: Path, language: str) -> Labels:
    """The labels of one language, whatever the state of the others."""
    return parse_labels(rubric_of(folder), language, toml(folder / f"labels.{language}.toml"))


folders = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_language = pytest.mark.parametrize(
    ("folder", "language"), languages(), ids=lambda part: getattr(part, "name", part)
)


@folders
def test_a_rubric_reads_whole_with_all_its_declared_languages(folder: Path) -> None:
    code = read(rubric_files.source(folder))
    assert [*code.labels] == [*code.rubric.languages]
    assert f"{code.rubric.code}-{code.rubric.version}" == folder.name


@each_language
def test_every_indicator_has_a_question_and_every_option_a_reason(
    folder: Path, language: str
) -> None:
    labels = labels_of(folder, language)
    for indicator in rubric_of(folder).indicators:
        assert labels.of("indicators", indicator.id, "question").strip()
        for path in reasons(indicator):
            assert labels.of(*path).strip()


def reasons(indicator: Indicator) -> list[tuple[str, ...]]:
    start = ("indicators", indicator.id)
    if isinstance(indicator.rule, Level):
        return [(*start, "options", option.id, "reason") for option in indicator.rule.options]
    return [(*start, "reason")]


@folders
def test_no_two_languages_ask_with_the_same_words(folder: Path) -> None:
    rubric = rubric_of(folder)
    written = [labels_of(folder, language) for language in rubric.languages]
    for indicator in rubric.indicators:
        questions = Counter(words.of("indicators", indicator.id, "question") for words in written)
        assert [text for text, times in questions.items() if times > 1] == []


@folders
def test_a_perfect_agency_reaches_the_top(folder: Path) -> None:
    rubric = rubric_of(folder)
    card = Scorer(rubric).score(perfect(rubric), AS_OF)
    assert (card.state, card.band) == ("rated", rubric.bands[0].id)
    assert card.published is not None
    assert Fraction(99) <= card.published <= rubric.scale.max


def perfect(rubric: Rubric) -> Record:
    """The best that can be recorded: audited, 10,000 asked, no event in a large exposure."""
    by_type = {
        kind: [one.id for one in rubric.indicators if isinstance(one.rule, kind)]
        for kind in (Proportion, Rate)
    }
    best = {one.id: best_of(one) for one in rubric.indicators}
    return Record(
        id="perfect",
        answers={code: [Answer(value)] for code, value in best.items() if value is not None},
        interviews={code: Asked(10_000, 10_000) for code in by_type[Proportion]},
        events={code: Events((), [Fraction(10_000_000)]) for code in by_type[Rate]},
    )


def best_of(indicator: Indicator) -> str | Fraction | None:
    rule = indicator.rule
    if isinstance(rule, Level):
        return rule.options[-1].id
    if isinstance(rule, Numeric):
        return rule.best
    return rule.max if isinstance(rule, Points) else None
