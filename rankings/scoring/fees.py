"""Legal fee caps: the most that a worker may be charged, by route, programme and contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

ANY = "*"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units (cents; of VND whole dong) and its ISO 4217 currency."""

    units: int
    currency: str


@dataclass(frozen=True, slots=True)
class Wage:
    """A cap in months of the contract's monthly wage.

    With `per_contract_months` the months are for each so many months of contract, in proportion,
    and `at_most_months` bounds their sum; without it they are for the whole contract.
    """

    months: Fraction
    per_contract_months: int | None = None
    at_most_months: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """The worker may not be charged at all."""


Limit = Money | Wage | Nothing


@dataclass(frozen=True, slots=True)
class FeeCap:
    """One row of the table; both contract lengths (months) and both days are included."""

    origin: str
    destination: str
    programme: str
    contract_months_from: int | None
    contract_months_to: int | None
    limit: Limit
    valid_from: date
    valid_to: date | None
    legal_reference: str
    source: str
    verified: bool

    @property
    def specificity(self) -> tuple[bool, bool, bool]:
        """What decides between rows for one case: destination, then programme, then length."""
        ranged = self.contract_months_from is not None or self.contract_months_to is not None
        return self.destination != ANY, self.programme != ANY, ranged


@dataclass(frozen=True, slots=True)
class Case:
    """A worker's case: countries (ISO 3166), programme, contract length in months, day of paying.

    A programme that no row names falls under the rows for every programme.
    """

    origin: str
    destination: str
    programme: str
    contract_months: int
    day: date


def applicable(caps: Iterable[FeeCap], case: Case) -> FeeCap | None:
    """The most specific row for a case; None where no row fits, which does not mean zero."""
    fitting = (cap for cap in caps if _fits(cap, case))
    return max(fitting, key=lambda cap: cap.specificity, default=None)


def valid_on(cap: FeeCap, day: date) -> bool:
    """Whether a row is in force on a day."""
    return cap.valid_from <= day and (cap.valid_to is None or day <= cap.valid_to)


def highest(cap: FeeCap, contract_months: int, monthly_wage: Money) -> Money:
    """The most a worker may pay under a row, in minor units, rounded down.

    `contract_months` are whole months, `monthly_wage` is the contract's wage for one month. A cap
    in months of wage answers in the currency of the wage, a fixed one in its own.
    """
    if contract_months < 0 or monthly_wage.units < 0:
        raise ValueError("contract length and wage cannot be negative")
    if isinstance(cap.limit, Money):
        return cap.limit
    if isinstance(cap.limit, Nothing):
        return Money(0, monthly_wage.currency)
    months = _months_of_wage(cap.limit, contract_months)
    return Money(int(months * monthly_wage.units), monthly_wage.currency)


def _months_of_wage(limit: Wage, contract_months: int) -> Fraction:
    if limit.per_contract_months is None:
        return limit.months
    months = limit.months * Fraction(contract_months, limit.per_contract_months)
    return months if limit.at_most_months is None else min(months, limit.at_most_months)


def _fits(cap: FeeCap, case: Case) -> bool:
    least, most = cap.contract_months_from, cap.contract_months_to
    return (
        cap.origin == case.origin
        and cap.destination in (ANY, case.destination)
        and cap.programme in (ANY, case.programme)
        and (least is None or least <= case.contract_months)
        and (most is None or case.contract_months <= most)
        and valid_on(cap, case.day)
    )
