"""How sure scores, bands and places are: 90 % ranges from draws that anybody can repeat.

Every draw lets each answer turn out otherwise (`spread`) and rates the agency again by the whole
rubric, without the buffer of its last band. The draws follow from the seed, the agency's code and
the place of the indicator alone: Philox4x64-10 (Salmon et al. 2011), four draws of 16 bits a word.
What stands here is plain Python and decides; `ranges_fast` gives the same numbers with NumPy.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median
from typing import Any

from rankings.scoring.bands import place_of
from rankings.scoring.rank import Placing, standing
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.spread import Spread

# 90 % lie between the 5th and the 95th of a hundred.
BELOW, OF = 5, 100
WORD, BLOCK, DRAWS_A_WORD = (1 << 64) - 1, 4, 4
ROUNDS = 10
MULTIPLY = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
# Between the places of two bands, where rank goes by band first.
BAND_APART = 10**7


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the draws gave for one agency; scores in units of the last decimal.

    `bands` counts draws per band, the best first. `keys` decide the place in each draw: more is
    better. `total` and `squares` are the sums of the scores and of their squares.
    """

    low: int
    high: int
    bands: tuple[int, ...]
    total: int
    squares: int
    keys: Any

    @property
    def variance(self) -> Fraction:
        """Of the scores, in units squared."""
        many = len(self.keys)
        return Fraction(self.squares * many - self.total**2, many * many)


@dataclass(frozen=True, slots=True)
class Range:
    """How sure one agency's score, place and band are.

    `score` in units and `rank` are from and to, both contain what is published. `bands` counts
    draws per band id. `alike`: so many other agencies have a score range that overlaps this one.
    """

    score: tuple[int, int]
    rank: tuple[int, int]
    bands: Mapping[str, int]
    borderline: bool
    alike: int


@dataclass(frozen=True, slots=True)
class Ranges:
    """The same of a whole ranking. `apart` of `pairs` pairs of agencies can be told apart.

    `rankability` is the share (0 to 1) of the variance of scores that lies between agencies; None
    for fewer than two (Lingsma et al. 2010).
    """

    agencies: Mapping[str, Range]
    rankability: Fraction | None
    apart: int
    pairs: int


Draw = Callable[[Spread, int], Drawn]
# From all keys, what decides between equal ones, and how equals share, to both ends of the places.
RankRanges = Callable[[Sequence[Any], Sequence[int], bool], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to draw: plain, or fast."""

    draw: Draw
    rank_ranges: RankRanges


def ranges(
    scorer: Scorer, spreads: Sequence[Spread], placings: Mapping[str, Placing], seed: int, way: Way
) -> Ranges:
    """The ranges of all rated agencies; `seed` has 64 bits."""
    drawn = [way.draw(one, seed) for one in spreads]
    printed = [_units(scorer, one) for one in spreads]
    dense = scorer.rubric.rank.ties == "dense"
    ranks = way.rank_ranges([one.keys for one in drawn], _ties(scorer, spreads), dense)
    scores = [
        _containing((one.low, one.high), score) for one, score in zip(drawn, printed, strict=True)
    ]
    alike = _overlapping(scores)
    codes = [one.record.id for one in spreads]
    places = [placings[code].rank or 0 for code in codes]
    bands = [band.id for band in scorer.rubric.bands]
    found = {
        code: Range(
            score=scores[at],
            rank=_containing(ranks[at], places[at]),
            bands=dict(zip(bands, drawn[at].bands, strict=True)),
            borderline=_is_borderline(scorer, spreads[at].card, drawn[at]),
            alike=alike[at],
        )
        for at, code in enumerate(codes)
    }
    pairs = len(codes) * (len(codes) - 1) // 2
    return Ranges(found, _rankability(printed, drawn), pairs - sum(alike) // 2, pairs)


def plain(scorer: Scorer) -> Way:
    """Every draw through the engine itself."""
    return Way(lambda one, seed: draw(scorer, one, seed), rank_ranges)


def draw(scorer: Scorer, one: Spread, seed: int) -> Drawn:
    """Rate one agency as often as the rubric says, each time as it could have turned out."""
    many = scorer.rubric.ranges.draws if scorer.rubric.ranges else 0
    record = replace(one.record, previous_band=None)
    chosen = [numbers(seed, one.record.id, each.place, many) for each in one.varying]
    leaves = list(one.card.workings.leaves) if one.card.workings else []
    scores, keys, bands = [], [], Counter[str | None]()
    for at in range(many):
        for each, given in zip(one.varying, chosen, strict=True):
            leaves[each.place] = each.chosen(given[at])
        card = scorer.again(record, one.as_of, one.card, leaves)
        score, points = (_whole(scorer, value) for value in (card.published, card.points))
        scores.append(score)
        bands[card.band] += 1
        keys.append(_key(scorer, card, score, points))
    ordered = sorted(scores)
    low, high = ends(many)
    counts = tuple(bands[band.id] for band in scorer.rubric.bands)
    squares = sum(score * score for score in scores)
    return Drawn(ordered[low], ordered[high], counts, sum(scores), squares, keys)


def ends(many: int) -> tuple[int, int]:
    """Which of so many sorted draws are the ends of the 90 %, counted from 0."""
    below = many * BELOW // OF
    return below, many - 1 - below


def rank_ranges(
    keys: Sequence[Sequence[int]], ties: Sequence[int], dense: bool
) -> list[tuple[int, int]]:
    """The places of each agency at both ends of the 90 %."""
    if not keys:
        return []
    ranks: list[list[int]] = [[] for _ in keys]
    for drawn in zip(*keys, strict=True):
        column = list(zip(drawn, ties, strict=True))
        ordered = sorted(set(column) if dense else column)
        for at, key in enumerate(column):
            ranks[at].append(len(ordered) - bisect_right(ordered, key) + 1)
    low, high = ends(len(keys[0]))
    return [(one[low], one[high]) for one in map(sorted, ranks)]


def numbers(seed: int, agency: str, place: int, many: int) -> list[int]:
    """So many draws from 0 to 65,535 for the indicator at a place of the rubric."""
    a_block = BLOCK * DRAWS_A_WORD
    blocks = -(-many // a_block)
    key = (seed, agency_key(agency))
    words = (
        word
        for at in range(place * blocks, (place + 1) * blocks)
        for word in _philox((at + 1, 0, 0, 0), key)
    )
    return [word >> shift & 0xFFFF for word in words for shift in (0, 16, 32, 48)][:many]


def agency_key(agency: str) -> int:
    """64 bits that stand for an agency: the first 8 bytes of the SHA-256 of its code."""
    return int.from_bytes(hashlib.sha256(agency.encode()).digest()[:8], "big")


def _philox(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    a, b, c, d = counter
    k, m = key
    for _ in range(ROUNDS):
        first, second = MULTIPLY[0] * a, MULTIPLY[1] * c
        a, b, c, d = (second >> 64) ^ b ^ k, second & WORD, (first >> 64) ^ d ^ m, first & WORD
        k, m = (k + WEYL[0]) & WORD, (m + WEYL[1]) & WORD
    return a, b, c, d


def _key(scorer: Scorer, card: Scorecard, score: int, points: int) -> int:
    by = scorer.rubric.rank.by
    if by == "band" and card.band is not None:
        return points - BAND_APART * place_of(scorer.rubric, card.band)
    return score if by == "published" else points


def _ties(scorer: Scorer, spreads: Sequence[Spread]) -> list[int]:
    """What decides between equal keys, more is better; it is not drawn again."""
    rules = len(scorer.rubric.rank.tie_break)
    if not rules:
        return [0] * len(spreads)
    found = [standing(scorer.rubric, one.card) for one in spreads]
    keys: list[Any] = [one.key[-2 * rules :] if one else () for one in found]
    order = {key: at for at, key in enumerate(sorted(set(keys), reverse=True))}
    return [order[key] for key in keys]


def _containing(ends: tuple[int, int], value: int) -> tuple[int, int]:
    return min(ends[0], value), max(ends[1], value)


def _overlapping(scores: Sequence[tuple[int, int]]) -> list[int]:
    """How many others each range has a point in common with."""
    lows, highs = sorted(low for low, _ in scores), sorted(high for _, high in scores)
    return [bisect_right(lows, high) - bisect_left(highs, low) - 1 for low, high in scores]


def _is_borderline(scorer: Scorer, card: Scorecard, drawn: Drawn) -> bool:
    rules = scorer.rubric.ranges
    if rules is None or card.band is None:
        return False
    same = drawn.bands[place_of(scorer.rubric, card.band)]
    return same < rules.borderline_below * rules.draws


def _rankability(scores: Sequence[int], drawn: Sequence[Drawn]) -> Fraction | None:
    """var between / (var between + median var within)."""
    many = len(scores)
    if many < 2:
        return None
    between = Fraction(sum(one * one for one in scores) * many - sum(scores) ** 2, many * many)
    whole = between + median(one.variance for one in drawn)
    return between / whole if whole else Fraction(1)


def _units(scorer: Scorer, one: Spread) -> int:
    return _whole(scorer, one.card.published)


def _whole(scorer: Scorer, value: Fraction | None) -> int:
    return int((value or Fraction(0)) * 10**scorer.rubric.scale.decimals)
