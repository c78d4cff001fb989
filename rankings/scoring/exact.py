"""Exact arithmetic: rounding, sharing out tenths, and the few functions that need 50 digits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

DIGITS = 50
FIFTY = 10**DIGITS
# Twenty guard digits, so that the 50 that are kept are right.
CONTEXT = Context(prec=DIGITS + 20, rounding=ROUND_HALF_EVEN)


def rounded_units(numerator: int, denominator: int, rounding: str) -> int:
    """The nearest whole number to numerator/denominator (denominator > 0), ties by `rounding`."""
    doubled, twice = 2 * numerator, 2 * denominator
    if rounding == "half_up":
        return (doubled + denominator) // twice
    whole, rest = divmod(doubled + denominator, twice)
    return whole - 1 if rest == 0 and whole % 2 else whole


def rounded(value: Fraction, decimals: int, rounding: str) -> Fraction:
    """`value` to so many decimals; `half_up` is towards plus infinity."""
    scale = 10**decimals
    return Fraction(rounded_units(value.numerator * scale, value.denominator, rounding), scale)


def decimal_text(value: Fraction, decimals: int) -> str:
    """A value that is already rounded, as text with exactly so many decimals."""
    units = value.numerator * 10**decimals // value.denominator
    sign, digits = "-" if units < 0 else "", str(abs(units)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def fraction_text(value: Fraction) -> str:
    """An exact value as `n` or `n/d`, the form of numbers in an edition."""
    return str(value)


def shared_out(parts: Sequence[int], denominator: int, units: int) -> list[int]:
    """Whole units per part, adding up to `units`: largest remainder, ties to the earlier part.

    `parts` are numerators over `denominator`; `units` must be their exact sum, rounded.
    """
    whole = [part // denominator for part in parts]
    missing = units - sum(whole)
    if missing:
        short = [-(part % denominator) for part in parts]
        for at in sorted(range(len(parts)), key=short.__getitem__)[:missing]:
            whole[at] += 1
    return whole


def decimal(value: Fraction) -> Decimal:
    """A fraction with 70 digits, for logarithms."""
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def to_fraction(value: Decimal) -> Fraction:
    """A decimal cut to 50 places."""
    return Fraction(int(CONTEXT.to_integral_value(CONTEXT.multiply(value, Decimal(FIFTY)))), FIFTY)


def log_position(value: Fraction, worst: Fraction, best: Fraction) -> Fraction:
    """(ln v - ln worst) / (ln best - ln worst), to 50 places; all arguments above 0."""
    v, low, high = (CONTEXT.ln(decimal(one)) for one in (value, worst, best))
    return to_fraction(CONTEXT.divide(CONTEXT.subtract(v, low), CONTEXT.subtract(high, low)))


def geometric_mean(values: Sequence[Fraction], weights: Sequence[int]) -> Fraction:
    """exp(sum w ln v / sum w), to 50 places; 0 when any value with a weight is not above 0."""
    weighed = [(value, weight) for value, weight in zip(values, weights, strict=True) if weight]
    if any(value <= 0 for value, _ in weighed):
        return Fraction(0)
    logs = Decimal(0)
    for value, weight in weighed:
        # Not sum(): its additions would keep only 28 digits.
        logs = CONTEXT.fma(Decimal(weight), CONTEXT.ln(decimal(value)), logs)
    return to_fraction(CONTEXT.exp(CONTEXT.divide(logs, Decimal(sum(weights)))))


def log_mean_shares(
    values: Sequence[Fraction], weights: Sequence[int], mean: Fraction
) -> list[Fraction]:
    """Additive shares of a geometric mean: sum(share * value) = mean (Balk 2008, log-mean weights).

    share_i is proportional to w_i / L(v_i, G) with L(a, b) = (a - b) / (ln a - ln b); needs G > 0.
    """
    raw = [
        weight / _log_mean(value, mean) if weight else Fraction(0)
        for value, weight in zip(values, weights, strict=True)
    ]
    total = sum(raw, Fraction(0))
    return [part / total for part in raw]


def _log_mean(a: Fraction, b: Fraction) -> Fraction:
    if abs(a - b) * FIFTY <= 1:
        return b
    logs = CONTEXT.subtract(CONTEXT.ln(decimal(a)), CONTEXT.ln(decimal(b)))
    return Fraction(a - b) / Fraction(logs)


def wilson_lower(found: int, checked: int, z: Fraction) -> Fraction:
    """Lower bound of the Wilson score interval for found/checked, to 50 places (Wilson 1927)."""
    n, p, square = checked, Fraction(found, checked), z * z
    centre = p + square / (2 * n)
    spread = z * to_fraction(CONTEXT.sqrt(decimal(p * (1 - p) / n + square / (4 * n * n))))
    return (centre - spread) / (1 + square / n)
