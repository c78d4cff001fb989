"""Plots: every mark is inside the frame, in order, and names stay names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as some

from rankings.app import create_app
from rankings.settings import Settings
from rankings.web import plots, plots_funnel
from rankings.web.plots import SIDE, Axis, BandRow
from rankings.web.plots_waterfall import Fall, waterfall
from tests.web.names import HOSTILE
from tests.web.reading import read
from tests.web.serving import stop

units = some.integers(-2000, 2000)
INSIDE = range(SIDE + 1)


def entry(low: int, more: int, beyond: int, rank: int = 1) -> dict[str, Any]:
    """A rated agency whose score lies `more` above the low end."""
    score = low + more
    return {"score": score, "rank": rank, "range": {"score": [low, score + beyond]}}


entries = some.lists(
    some.builds(entry, units, some.integers(0, 300), some.integers(0, 300)), max_size=130
)


@given(some.lists(some.one_of(units, some.fractions(-10, 10_000)), max_size=20))
def test_an_axis_holds_its_values_between_few_round_numbers(values: list[Any]) -> None:
    found = plots.axis(values)
    assert 2 <= len(found.ticks) <= plots.SPACES + 1
    assert (found.low, found.high) == (found.ticks[0], found.ticks[-1])
    assert all(found.low <= value <= found.high for value in values)
    places = [found.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert [at for _, at in found.marks][:: len(found.marks) - 1] == [0, SIDE]


@given(some.lists(some.integers(), min_size=1, max_size=400, unique=True), some.integers(2, 120))
def test_of_many_rows_an_even_choice_with_both_ends_is_kept(rows: list[int], most: int) -> None:
    kept = plots.evenly(rows, most)
    assert len(kept) == min(len(rows), most)
    assert [row for row in rows if row in set(kept)] == kept
    if len(rows) > 1:
        assert (kept[0], kept[-1]) == (rows[0], rows[-1])


@given(entries, some.lists(some.tuples(some.text(), units)))
def test_ranges_are_inside_the_frame_and_hold_their_score(
    rated: list[dict[str, Any]], cuts: list[tuple[str, int]]
) -> None:
    chart = plots.ranges(rated, cuts, places=True)
    assert [bar.y for bar in chart.bars] == [10 * at + 5 for at in range(len(rated))]
    for bar in chart.bars:
        assert 0 <= bar.low <= bar.score <= bar.high <= SIDE
    assert all(at in INSIDE for _, at in chart.cuts)
    assert len(chart.places) <= 10
    assert {y for y, _ in chart.places} <= {bar.y for bar in chart.bars}
    by_score = sorted(zip(rated, chart.bars, strict=True), key=lambda one: one[0]["score"])
    assert [bar.score for _, bar in by_score] == sorted(bar.score for bar in chart.bars)


def test_one_agency_none_and_equal_ones_make_a_chart() -> None:
    assert plots.ranges([], [], places=True).bars == ()
    (bar,) = plots.ranges([entry(700, 0, 0)], [], places=True).bars
    assert bar.low == bar.score == bar.high
    equal = plots.ranges([entry(700, 10, 10)] * 3, [("4", 705), ("1", 0)], places=False)
    assert len({(bar.low, bar.score, bar.high) for bar in equal.bars}) == 1
    assert (equal.cuts[0][0], len(equal.cuts), equal.places) == ("4", 1, ())


counts = some.dictionaries(some.sampled_from("54321"), some.integers(0, 500))


@given(counts)
def test_bands_side_by_side_fill_the_frame(given_counts: dict[str, int]) -> None:
    pieces = plots.shares(BandRow("2026", given_counts))
    if not sum(given_counts.values()):
        assert pieces == ()
        return
    assert [piece.kind for piece in pieces] == list(given_counts)
    ends = [0, *(piece.x + piece.width for piece in pieces)]
    assert [piece.x for piece in pieces] == ends[:-1]
    assert (ends[-1], min(piece.width for piece in pieces) >= 0) == (SIDE, True)


def placed(scores: dict[str, int | None], cycle: str = "2026", **more: Any) -> dict[str, Any]:
    """A ranking in which so many are rated."""
    return {
        "association": {"country": "VN"},
        "cycle": {"slug": cycle, "name": f"Year {cycle}"},
        "rubric": {"code": "coc", "version": "1"},
        "decimals": 1,
        "entries": [
            {
                "code": code,
                "names": {"vi": f"Ví Dụ {code}"},
                "state": "too_new" if score is None else "rated",
                "score": score,
                "band": None if score is None else "5" if score > 500 else "1",
            }
            for code, score in scores.items()
        ],
    } | more


@dataclass
class Held:
    """An edition of which only the ranking is asked."""

    ranking: dict[str, Any]

    def part(self, name: str) -> dict[str, Any]:
        return {"ranking": self.ranking}[name]


def test_a_row_of_bands_is_the_newest_edition_of_a_cycle_by_the_same_code() -> None:
    held = [
        placed({"a": 900, "b": 100, "c": None}),
        placed({"a": 100}),
        placed({"a": 900}, "2025"),
        placed({"a": 900}, "2024", rubric={"code": "other"}),
    ]
    rows = plots.band_rows(map(Held, held), ["5", "3", "1"])
    assert rows == [
        BandRow("Year 2026", {"5": 1, "3": 0, "1": 1}),
        BandRow("Year 2025", {"5": 1, "3": 0, "1": 0}),
    ]


def test_movements_are_those_of_all_who_were_rated_once_the_largest_first() -> None:
    before = placed({"a": 90, "b": 50, "c": None, "d": 10, "e": None})
    after = placed({"a": 905, "b": 300, "c": 700, "e": None}, decimals=2)
    found = plots.moves(before, after)
    assert [(one.code, one.before, one.after, one.by) for one in found] == [
        ("b", 500, 300, -200),
        ("a", 900, 905, 5),
        ("c", None, 700, None),
        ("d", 100, None, None),
    ]
    assert (found[0].name, found[0].spoken) == ("Ví Dụ b", "vi")
    assert plots.moves(placed({"a": 90}, rubric={"code": "other"}), after) == []


@given(some.lists(some.tuples(units, units), max_size=140))
def test_lines_of_movement_are_inside_the_frame_and_lean_the_right_way(
    scores: list[tuple[int, int]],
) -> None:
    moved = [plots.Move("c", "n", "vi", old, new) for old, new in scores]
    chart = plots.slopes([*moved, plots.Move("c", "n", "vi", None, 5)])
    lines = [*chart.up, *chart.down, *chart.same]
    assert len(lines) == min(len(scores), plots.MOST)
    assert all(y in INSIDE for line in lines for y in line)
    # y grows downwards.
    assert all(left >= right for left, right in chart.up)
    assert all(left <= right for left, right in chart.down)
    assert all(left == right for left, right in chart.same)


amounts = some.integers(0, 400)
parts = some.lists(some.builds(Fall, some.just("part"), some.just("x"), units, amounts, amounts))


@given(parts, some.integers(-300, 300))
def test_a_waterfall_goes_on_where_it_ended(falls: list[Fall], limit: int) -> None:
    together = sum(fall.earned for fall in falls)
    way = [*falls, Fall("total", "x", together), Fall("limit", "x", limit)]
    rows = waterfall([*way, Fall("total", "x", together + limit)])
    assert [row.fall for row in rows][:-1] == way
    for row in rows:
        assert all(0 <= one.x <= one.x + one.width <= SIDE for one in row.segments)
        assert sum(one.amount for one in row.segments) == (
            row.fall.earned + row.fall.performance + row.fall.unchecked
        )


def test_every_part_of_a_waterfall_begins_where_the_one_before_ended() -> None:
    rows = waterfall(
        [Fall("part", "a", 300, 100, 50), Fall("part", "b", 200, 0, 500), Fall("total", "c", 500)]
    )
    assert [[(one.kind, one.x, one.width) for one in row.segments] for row in rows] == [
        [("earned", 0, 300), ("lost", 300, 100), ("unchecked", 400, 50)],
        [("earned", 300, 200), ("unchecked", 500, 500)],
        [("total", 0, 500)],
    ]
    assert waterfall([]) == ()
    assert waterfall([Fall("total", "c", 0)])[0].segments == ()


def told(workers: Fraction, raw: int | None, outside: str | None) -> dict[str, Any]:
    return {"workers": str(workers), "raw": raw, "outside": outside}


reported = some.lists(
    some.builds(
        told,
        some.integers(0, 200_000).map(lambda quarters: Fraction(quarters, 4)),
        some.one_of(some.none(), some.integers(0, 90_000)),
        some.sampled_from([None, "95", "99.8"]),
    ),
    max_size=30,
)


def limits(workers: Fraction) -> list[Fraction]:
    near, far = 20_000 / workers, 40_000 / workers
    return [1000 - near, 1000 + near, 1000 - far, 1000 + far]


@given(reported)
def test_marks_of_a_funnel_are_inside_the_frame_and_more_workers_stand_further_right(
    agencies: list[dict[str, Any]],
) -> None:
    chart = plots_funnel.funnel(agencies, 1000, limits)
    known = [one for one in agencies if one["raw"] is not None]
    assert len(chart.points) == len(known)
    assert sum(bool(one.outside) for one in chart.points) == sum(
        bool(one["outside"]) for one in known
    )
    assert all(one.x in INSIDE and one.y in INSIDE for one in chart.points)
    inside = [one.x for one in chart.points if not one.outside]
    assert inside == sorted(inside)
    for _, line in chart.lines:
        assert all(x in INSIDE and y in INSIDE for x, y in line)
    assert [x for _, x in chart.xs] == sorted({x for _, x in chart.xs})
    assert chart.xs[-1][1] == SIDE
    assert plots_funnel.funnel(agencies, None, None).lines == ()


def test_the_lines_of_a_funnel_narrow_towards_many_workers() -> None:
    chart = plots_funnel.funnel([told(Fraction(5000), 900, None)], 1000, limits)
    assert [pair for pair, _ in chart.lines] == ["95", "95", "99.8", "99.8"]
    assert plots_funnel.funnel([told(Fraction(50), 0, None)], 1000, limits).lines
    low, high = chart.lines[0][1], chart.lines[1][1]
    assert chart.usual is not None
    assert low[0][1] > low[-1][1] > chart.usual > high[-1][1] > high[0][1]


SHOWN = """<!doctype html><title>x</title><body>
{% from "plots/bands.html" import band_chart %}{% from "plots/moves.html" import move_chart %}
{% from "plots/waterfall.html" import waterfall_chart %}
{% from "plots/range.html" import range_chart %}{% from "plots/funnel.html" import funnel_chart %}
{{ band_chart(rows, shares, name, name.format) }}
{{ waterfall_chart(falls, name, name.format) }}
{{ range_chart(ranges, name, "r", name.format) }}
{{ funnel_chart(funnel, name, "f", name.format, name) }}
{{ move_chart(slopes, name, "m", name, name, name.format) }}
</body>"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application without anything published."""
    application = create_app(Settings.demonstration(tmp_path_factory.mktemp("bare")))
    yield application
    stop(application)


@pytest.mark.parametrize("name", [one.replace("{", "").replace("}", "") for one in HOSTILE])
def test_hostile_names_stay_names(bare: Flask, name: str) -> None:
    with bare.test_request_context("/vidu/en/"):
        html = render_template_string(
            SHOWN,
            name=name,
            rows=[BandRow(name, {name: 3, "4": 1})],
            shares=plots.shares,
            falls=waterfall([Fall("part", name, 5, 1, 1), Fall("limit", name, -2)]),
            ranges=plots.ranges([entry(1, 1, 1)], [(name, 2)], places=True),
            funnel=plots_funnel.funnel([told(Fraction(9), 90, "95")], 100, limits),
            slopes=plots.slopes([plots.Move(name, name, "vi", 1, 2)]),
        )
    page = read(html)
    assert {one.tag for one in page.elements} <= {
        *("title", "body", "table", "caption", "thead", "tr", "td", "th", "span"),
        *("svg", "path", "text", "rect"),
    }
    assert not any(
        attribute.startswith("on") or attribute == "style"
        for one in page.elements
        for attribute in one.attributes
    )
    assert page.one("body").text.count(name) >= 8
    pictures = [one.attributes for one in page.all("svg") if "aria-details" in one.attributes]
    assert [one["aria-details"] for one in pictures] == ["r", "f", "m"]
    assert all((one["role"], one["aria-label"]) == ("img", name) for one in pictures)


def test_an_axis_keeps_values_that_are_outside_at_its_edges() -> None:
    assert [Axis(0, 10, ()).at(value) for value in (-5, 15)] == [0, SIDE]
