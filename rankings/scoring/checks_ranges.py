"""Checks of `[ranges]`: whether a rubric is of the kind whose scores can be drawn anew."""

from __future__ import annotations

from collections.abc import Iterator

from rankings.scoring.rubric import Rubric

Found = Iterator[tuple[str, str]]


def range_problems(rubric: Rubric) -> Found:
    """Problems of a rubric that has ranges; of another one none."""
    ranges = rubric.ranges
    if ranges is None:
        return
    for breach, sentence in (
        (not rubric.scale.higher_is_better, "do not go with lower_is_better"),
        (rubric.banding.by != "points", 'need bands by cuts: [banding] by = "points"'),
        (rubric.rank.by == "exact", 'need places by printed numbers: not [rank] by = "exact"'),
    ):
        if breach:
            yield "ranges", sentence
    for grade in ranges.shift:
        if grade not in rubric.evidence.credit:
            sentence = f"{grade!r} has no credit; name it in evidence.credit"
            yield f"ranges.shift.{grade}", sentence
