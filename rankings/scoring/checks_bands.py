"""Checks of bands: cuts without gap or overlap, conditions that can be met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from rankings.scoring.checks_tree import reach
from rankings.scoring.reading import shown
from rankings.scoring.rubric import Band, Node, Requirement, Rubric
from rankings.scoring.rules import Indicator, Proportion

Found = Iterator[tuple[str, str]]

# Which parts of the tree a limit on all of them is compared with.
COMPARED: dict[str, Callable[[Rubric], Iterable[Node | Indicator]]] = {
    "nodes_at_least": lambda rubric: (),
    "pillars_at_least": lambda rubric: rubric.pillars,
    "each_at_least": lambda rubric: rubric.indicators,
}


def band_problems(rubric: Rubric) -> Found:
    """Problems of the bands and of how they are given."""
    yield from _banding(rubric)
    if not rubric.bands:
        return
    for band in rubric.bands[:-1]:
        yield from _cut(rubric, band)
    yield from _last(rubric)
    yield from _order(rubric)
    for band in rubric.bands:
        for requirement in band.requires:
            yield from _requirement(rubric, band, requirement)


def _banding(rubric: Rubric) -> Found:
    banding, quantile = rubric.banding, rubric.banding.by == "quantile"
    if banding.within is not None and not quantile:
        yield "banding.within", 'goes with by = "quantile"'
    if banding.within not in (None, *(field.id for field in rubric.fields)):
        yield "banding.within", f"{banding.within!r} is not a field"
    if banding.buffer and quantile:
        yield "banding.buffer", "goes with cuts, not with quantiles"


def _key(rubric: Rubric) -> str:
    if rubric.banding.by == "quantile":
        return "top"
    return "at_least" if rubric.scale.higher_is_better else "at_most"


def _place(band: Band, key: str = "") -> str:
    return f"bands[{band.id}]{key and '.'}{key}"


def _cut(rubric: Rubric, band: Band) -> Found:
    key, cut = _key(rubric), band.cut
    if cut is None and (key == "top" or not band.requires):
        yield _place(band, key), "is missing: only the last band takes whatever is left"
    elif cut is None:
        return
    elif key == "top" and not 0 < cut < 1:
        yield _place(band, key), f"{shown(cut)} must be above 0 and below 1"
    elif key != "top":
        yield from _printable(rubric, band, cut)


def _printable(rubric: Rubric, band: Band, cut: Fraction) -> Found:
    key, best = _key(rubric), reach(rubric, rubric.total)
    if (cut * 10**rubric.scale.decimals).denominator != 1:
        yield _place(band, key), f"has more decimals than the {rubric.scale.decimals} that print"
    if key == "at_least" and best is not None and cut > best:
        yield (
            _place(band, key),
            f"{shown(cut)} cannot be reached: the best possible total is {shown(best)}",
        )


def _last(rubric: Rubric) -> Found:
    last, key = rubric.bands[-1], _key(rubric)
    if last.requires:
        yield _place(last), "the last band takes everybody and has no conditions"
    if last.cut is not None and not (key == "at_least" and last.cut <= 0):
        left = "must be 0 or left out" if key == "at_least" else "must be left out"
        yield _place(last, key), f"{left}, so that everybody has a band"


def _order(rubric: Rubric) -> Found:
    """Best band first: no two cuts equal, none out of order, room below the last one."""
    key = _key(rubric)
    sign = -1 if key == "at_least" else 1
    cuts = [(band, band.cut) for band in rubric.bands[:-1] if band.cut is not None]
    for (_, cut), (band, following) in zip(cuts, cuts[1:], strict=False):
        if sign * following <= sign * cut:
            yield (
                _place(band, key),
                f"{shown(following)} overlaps with the band before; best band first",
            )
    if key == "at_least" and cuts and cuts[-1][1] <= 0:
        yield _place(cuts[-1][0], key), "must be above 0: nothing is left for the last band"


def _requirement(rubric: Rubric, band: Band, requirement: Requirement) -> Found:
    code, limit, of = requirement.code, requirement.limit, requirement.of
    if limit is None:
        return
    place = _place(band, code)
    if code == "confidence_at_least" and not 0 <= limit <= 100:
        yield place, f"{shown(limit)} must be from 0 to 100 (percent)"
    if code == "interviews_at_least" and not any(
        isinstance(indicator.rule, Proportion) for indicator in rubric.indicators
    ):
        yield place, "cannot be met: no indicator is a proportion (interviews)"
    tree = {part.id: part for part in rubric.parts()}
    if of is not None and of not in tree:
        yield place, f"{of!r} is not a node or indicator"
    elif code in COMPARED:
        compared = [tree[of]] if of is not None else COMPARED[code](rubric)
        yield from _reachable(rubric, place, compared, limit)


def _reachable(
    rubric: Rubric, place: str, parts: Iterable[Node | Indicator], limit: Fraction
) -> Found:
    for part in parts:
        best = reach(rubric, part)
        if best is not None and limit > best:
            yield place, f"{part.id} cannot reach {shown(limit)}: its best is {shown(best)}"
