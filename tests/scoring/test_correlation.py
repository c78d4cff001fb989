"""Correlations of columns: as a statistics book has them, and none where nothing varies."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from statistics import correlation

from rankings.scoring.correlation import Correlations

Row = list[Fraction | None]


def table(rows: list[Row]) -> list[list[int | None]]:
    found = Correlations(len(rows[0]))
    for row in rows:
        found.add(row)
    return found.table()


def test_they_are_those_of_floating_point() -> None:
    draw = Random(3)
    rows: list[Row] = []
    for _ in range(80):
        good = draw.random()
        values = (good, 1 - good + draw.gauss(0, 0.3), draw.random())
        rows.append([Fraction(round(1000 * one), 7) for one in values])
    columns = [[float(row[at] or 0) for row in rows] for at in range(3)]
    usual = [[round(1000 * correlation(a, b)) for b in columns] for a in columns]
    assert table(rows) == usual
    assert usual[0][1] < -500


def test_a_column_that_does_not_vary_has_none() -> None:
    rows: list[Row] = [[Fraction(at), Fraction(5), Fraction(-at, 3)] for at in range(5)]
    assert table(rows) == [[1000, None, -1000], [None, None, None], [-1000, None, 1000]]


def test_fewer_than_three_rows_have_none() -> None:
    rows: list[Row] = [[Fraction(1), None], [Fraction(2), Fraction(2)], [Fraction(4), Fraction(3)]]
    assert table(rows) == [[1000, None], [None, None]]
    assert table([*rows, [Fraction(0), Fraction(0)]])[1] == [982, 1000]
