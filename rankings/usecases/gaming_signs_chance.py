"""How likely it is that chance alone made what was seen; whole numbers and fractions only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb, erfc, sqrt

# Up to so many values the rank-sum test counts every way to share them out.
COUNTED = 150


def tail(least: int, tries: int) -> Fraction:
    """The chance of at least so many heads in some tosses of a coin, exact."""
    return Fraction(sum(comb(tries, n) for n in range(max(least, 0), tries + 1)), 2**tries)


def none_of(tries: int, each: Fraction) -> Fraction:
    """The chance that none of some tries comes out, each with the chance `each`, 0 to 1."""
    return (1 - each) ** tries


def rank_sum(own: Sequence[Fraction], others: Sequence[Fraction]) -> Fraction:
    """How likely chance puts `own` as far above or below `others`, by the sum of their ranks.

    Two-sided; equal values share their ranks. Exact up to 150 values, beyond that by the normal
    curve, which is then as good.
    """
    ranks = _ranks([*own, *others])
    first, many = sum(ranks[: len(own)]), len(ranks)
    if len(own) > len(others):
        first = sum(ranks) - first
    size = min(len(own), len(others))
    # Doubled ranks add up to this in the middle.
    middle = size * (many + 1)
    if many > COUNTED:
        return _by_normal(abs(first - middle), size, ranks)
    return _by_counting(abs(first - middle), middle, size, ranks)


def _ranks(values: Sequence[Fraction]) -> list[int]:
    """Twice the rank of each value, the lowest is 2; equal ones have the mean of their ranks."""
    found: dict[Fraction, int] = {}
    ordered = sorted(values)
    for place, value in enumerate(ordered):
        if value not in found:
            found[value] = 2 * place + 1 + ordered.count(value)
    return [found[value] for value in values]


def _by_counting(distance: int, middle: int, size: int, ranks: Sequence[int]) -> Fraction:
    """Of all choices of `size` ranks the share whose sum is at least so far from the middle.

    `ways[n]` holds for every sum how many choices of n ranks have it, each number in a field of
    so many bytes of one large whole number.
    """
    field = -(-len(ranks) // 8)
    ways = [1] + [0] * size
    for rank in ranks:
        for n in range(size, 0, -1):
            ways[n] += ways[n - 1] << 8 * field * rank
    body = ways[size].to_bytes(ways[size].bit_length() // 8 + field, "little")
    numbers = [int.from_bytes(body[at : at + field], "little") for at in range(0, len(body), field)]
    far = sum(many for at, many in enumerate(numbers) if abs(at - middle) >= distance)
    return Fraction(far, sum(numbers))


def _by_normal(distance: int, size: int, ranks: Sequence[int]) -> Fraction:
    """The same by the normal curve, with the spread that equal values leave."""
    many = len(ranks)
    spread = sum((rank - many - 1) ** 2 for rank in ranks)
    variance = Fraction(size * (many - size) * spread, many * (many - 1))
    if not variance:
        return Fraction(1)
    # Half a rank less: the sums are whole numbers.
    return Fraction(erfc(max(0, distance - 1) / sqrt(2 * variance)))
