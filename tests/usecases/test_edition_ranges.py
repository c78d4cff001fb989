"""What an edition says of how sure it is, and what it prints because of it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from benchmarks import tables
from rankings import rehearsal
from rankings.adapters import table
from rankings.canonical import canonical
from rankings.scoring.record import Count, Events, Record
from rankings.scoring.rubric import Ranges
from rankings.scoring.rules import Rate
from rankings.scoring.score import Scorer
from rankings.scoring.source import Code, RubricSource
from rankings.usecases.edition_parts import Edition, Heading, Listed
from rankings.usecases.edition_ranges import printed

RUBRICS = Path(__file__).resolve().parents[2] / "fixtures" / "rubrics"
AS_OF = date(2026, 6, 30)


def code_of(name: str, **ranges: Any) -> Code:
    """A shipped code of conduct whose ranges are others."""
    code = rehearsal.load(RUBRICS / name)
    rules = code.rubric.ranges or Ranges()
    return replace(code, rubric=replace(code.rubric, ranges=replace(rules, **ranges)))


def listed(code: Code, agencies: int) -> list[Listed]:
    header, rows = tables.table(code.rubric, agencies, seed=5)
    lines = [",".join(row) + "\n" for row in (header, *rows)]
    licence = {"state": "valid", "number": "1", "authority": "A", "since": "2020-01-01"}
    return [
        Listed(
            {"code": unit.record.id, "names": {"en": unit.record.id}, "licence": licence},
            unit.record,
        )
        for unit in table.units(code.rubric, lines)
    ]


def edition(code: Code, many: list[Listed]) -> dict[str, Any]:
    heading = Heading({}, {"as_of": AS_OF.isoformat()}, RubricSource("", {}), ())
    return dict(Edition(heading, code).parts(many))


@pytest.mark.parametrize(
    ("rankability", "holds", "what"),
    [
        (Fraction(7, 10), True, ("printed", None)),
        (Fraction(69, 100), True, ("ranges", "rankability")),
        (Fraction(1, 2), True, ("ranges", "rankability")),
        (Fraction(49, 100), True, ("bands", "rankability")),
        (None, True, ("bands", "rankability")),
        (Fraction(1), False, ("bands", "sensitivity")),
    ],
)
def test_rankability_and_sensitivity_decide_how_places_are_printed(
    rankability: Fraction | None, holds: bool, what: tuple[str, str | None]
) -> None:
    assert printed(Ranges(), rankability, holds) == what


@pytest.mark.parametrize("name", ["coc-vn-1.0.0", "kh-code-1.0.0"])
def test_the_same_inputs_give_the_same_bytes(name: str) -> None:
    code = code_of(name)
    one, other = (edition(code, listed(code, 9)) for _ in range(2))
    assert canonical(one) == canonical(other)
    assert one["ranking"]["ranges"]["draws"] == 2000


def test_other_inputs_give_another_seed() -> None:
    code = code_of("kh-code-1.0.0", draws=100)
    seeds = [edition(code, listed(code, many))["ranking"]["ranges"]["seed"] for many in (8, 9)]
    assert seeds[0] != seeds[1]


def test_where_places_say_too_much_only_bands_are_printed() -> None:
    code = code_of("kh-code-1.0.0", draws=100, places_from=Fraction(1))
    code = replace(
        code,
        rubric=replace(
            code.rubric,
            ranges=replace(code.rubric.ranges or Ranges(), place_ranges_from=Fraction(1)),
        ),
    )
    ranking = edition(code, listed(code, 30))["ranking"]
    assert ranking["ranges"]["places"] == "bands"
    rated = [one for one in ranking["entries"] if one["state"] == "rated"]
    assert rated
    assert all(one["rank"] is None and one["range"]["rank"] is None for one in rated)
    order = [band.id for band in code.rubric.bands]
    stands = [(order.index(one["band"]), one["code"]) for one in rated]
    assert stands == sorted(stands)


def test_a_rubric_without_ranges_has_an_edition_as_it_always_was() -> None:
    code = code_of("coc-vn-1.0.0")
    bare = replace(code, rubric=replace(code.rubric, ranges=None))
    parts = edition(bare, listed(bare, 5))
    assert "run-report" not in parts
    assert "ranges" not in parts["ranking"]
    assert all("range" not in one for one in parts["ranking"]["entries"])
    agencies = [part for name, part in parts.items() if name.startswith("agencies/")]
    assert all(not {"quantiles", "lift"} & part.keys() for part in agencies)


def test_no_complaint_among_twenty_workers_never_beats_six_among_six_thousand() -> None:
    scorer = Scorer(code_of("coc-vn-1.0.0").rubric)
    (rate,) = [one.id for one in scorer.rubric.indicators if isinstance(one.rule, Rate)]

    def worth(number: int, workers: int) -> Fraction:
        counts = [Count(Fraction(number), "minor", "substantiated", 0)]
        record = Record("XX", events={rate: Events(counts, [Fraction(workers)])})
        leaves = scorer.score(record, AS_OF).workings
        assert leaves is not None
        found = leaves.leaves[scorer.codes.index(rate)]
        assert found is not None
        return found.worth

    assert worth(0, 20) < worth(6, 6000)
    assert worth(0, 6000) > worth(6, 6000)
