"""What would lift an agency, in words: every blocker a sentence, every step with its proof."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string

from rankings import db
from rankings.adapters import rubric_files
from rankings.app import create_app
from rankings.scoring.lift import lift, values
from rankings.scoring.parse import parse
from rankings.scoring.receipt import receipt
from rankings.scoring.record import Record
from rankings.scoring.score import Scorer
from rankings.scoring.source import read as read_rubric
from rankings.web import lift_page
from rankings.web.words import Words
from tests.scoring.builders import DAY
from tests.web import small
from tests.web.names import LANGUAGES
from tests.web.reading import Read, read
from tests.web.serving import stop

CODE = read_rubric(rubric_files.source(small.RUBRIC))
LIFT: dict[str, Any] = {
    "band": "4",
    "missing": 133,
    "blockers": [],
    "plan": [
        {"indicator": "1.1", "to": "registered", "grade": "document", "gain": 75},
        {"indicator": "3.2", "to": "match-approved", "grade": "audit", "gain": 62},
    ],
    "points": 714,
}
PRINTED = """{% from "public/_lift.html" import lift, sums with context %}
{{ lift(words, page) }}{{ sums(rows) }}"""


@pytest.fixture(scope="module")
def site(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("lift")
    file = shutil.copy(migrated_file, folder / "db.sqlite")
    application = create_app(small.prepared(db.connect(f"sqlite:///{file}"), folder).settings)
    yield application
    stop(application)


@pytest.fixture(params=LANGUAGES)
def words(site: Flask, request: pytest.FixtureRequest) -> Iterator[Words]:
    with site.test_request_context(f"/alpha/{request.param}/"):
        yield Words(CODE)


@pytest.fixture
def english(site: Flask) -> Iterator[Words]:
    with site.test_request_context("/alpha/en/"):
        yield Words(CODE)


def shown(words: Words, **changed: Any) -> Read:
    page = lift_page.page(words, LIFT | changed)
    return read(render_template_string(PRINTED, words=words, page=page, rows=()))


def texts(page: Read, tag: str) -> list[str]:
    return [" ".join(one.text.split()) for one in page.all(tag)]


def blocker(kind: str, code: str, **more: Any) -> dict[str, Any]:
    empty = {"of": None, "wanted": None, "there": None, "until": None}
    return {"kind": kind, "code": code} | empty | more


def test_the_points_that_are_missing_and_every_step_stand_there(english: Words) -> None:
    page = shown(english)
    assert texts(page, "h2") == ["What is missing for: ★★★★☆ Good"]
    assert texts(page, "li") == ["13.3 more points are needed."]
    assert texts(page, "summary") == ["With these 2 answers the score would be 71.4"]
    assert "open" in page.one("details").attributes
    assert texts(page, "tr") == [
        "Who recruits workers under the agency's licence?"
        "→ Own staff in registered branches only (checked on paper)+7.5",
        f"{english.of('indicators', '3.2', 'question')}"
        f"→ {english.of('indicators', '3.2', 'options', 'match-approved', 'label')}"
        " (checked on a visit)+6.2",
    ]


def test_every_blocker_is_a_sentence(english: Words) -> None:
    given = [
        blocker("cap", "K4", until="2027-03-31"),
        blocker("cap", "K6"),
        blocker("overclaim", "overclaim"),
        blocker("condition", "pillars_at_least", of="voice", wanted="55", there="625/11"),
        blocker("condition", "confidence_at_least", wanted="55", there="1003/20"),
        blocker("condition", "interviews_at_least", wanted="12", there="4"),
        blocker("condition", "when"),
    ]
    page = shown(english, missing=0, blockers=given, plan=None, points=None)
    assert texts(page, "li") == [
        f"{english.of('caps', 'K4', 'sentence')} This limit ends after March 31, 2027.",
        english.of("caps", "K6", "sentence"),
        "Too many answers that were checked proved too good. This limits the band.",
        "“What workers say” needs at least 55 points. It has 56.8.",
        "At least 55% of the score must be checked. Now it is 50%.",
        "At least 12 workers must be interviewed. Now there are 4.",
        "A condition for a better band is not met.",
    ]
    assert texts(page, "p") == ["Better answers alone are not enough for it."]
    assert page.all("details") == []


def test_where_only_a_limit_has_to_end_no_answer_has_to_change(english: Words) -> None:
    given = [blocker("cap", "K4", until="2027-03-31")]
    page = shown(english, missing=0, blockers=given, plan=[], points=720)
    assert texts(page, "p") == ["No answer has to change for it."]


def test_a_long_list_is_folded(english: Words) -> None:
    steps = [{**LIFT["plan"][0], "gain": 10}] * (lift_page.FEW + 1)
    page = shown(english, plan=steps)
    assert "open" not in page.one("details").attributes
    assert len(page.all("tr")) == lift_page.FEW + 1


def test_without_a_lift_nothing_is_said(english: Words) -> None:
    assert lift_page.page(english, None) is None
    text = render_template_string(PRINTED, words=english, page=None, rows=())
    assert read(text).all("h2") == []


def test_the_three_sums_are_those_of_the_receipts_lines(english: Words) -> None:
    amounts = ("earned", "lost_performance", "lost_unchecked")
    lines = [dict(zip(amounts, (one, 2 * one, 5), strict=True)) for one in range(10)]
    assert [number for _, number in lift_page.sums(english, {"lines": lines})] == [
        "4.5",
        "9.0",
        "5.0",
    ]


def test_a_lift_of_the_engine_can_be_said_in_every_language(words: Words) -> None:
    scorer = Scorer(CODE.rubric)
    silent = Record("one", interviewed=30)
    card = scorer.score(silent, DAY)
    found = lift(scorer, silent, card, DAY)
    assert found is not None
    page = lift_page.page(words, values(CODE.rubric, found))
    assert page is not None
    assert page.missing
    assert page.steps
    for step in page.steps:
        assert step.question
        assert step.answer
        assert step.shown
        assert step.gain.startswith("+")
    slip = receipt(scorer, card)
    lines = [one._asdict() for one in slip.lines]
    assert [words.number(one) for one in slip.sums] == [
        number for _, number in lift_page.sums(words, {"lines": lines})
    ]


NUMBERS: dict[str, Any] = {
    "code": "numbers",
    "version": "1.0.0",
    "languages": ["en"],
    "evidence": {"credit": {"audit": 1}},
    "indicators": [{"id": "n", "type": "numeric", "worst": 90, "best": 7}],
    "bands": [{"id": "a", "at_least": 50}, {"id": "b", "at_least": 0}],
}


def test_a_number_has_its_best_value_as_the_answer() -> None:
    rubric = parse(NUMBERS)
    assert lift_page.best(rubric, rubric.indicators[0]) == "7"
