"""The country to which an agency sent most workers, for rubrics that ask for it."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from rankings import db
from rankings.scoring.rubric import Field
from rankings.scoring.source import read
from rankings.usecases import record_values, records, registry
from tests.usecases import world

RUBRIC = read(world.source()).rubric


@pytest.mark.parametrize(
    ("sent", "main"),
    [
        ([("2026-Q2", "JP", 10), ("2025-Q1", "TW", 11)], "TW"),
        ([("2026-Q2", "TW", 7), ("2026-Q1", "JP", 4), ("2025-Q4", "JP", 4)], "JP"),
        ([("2026-Q2", "TW", 5), ("2026-Q2", "JP", 5), ("2026-Q2", "MY", 5)], "JP"),
        ([("2026-Q3", "TW", 9), ("2026-Q2", "JP", 1), ("2024-Q2", "KR", 99)], "JP"),
        ([("2026-Q2", "JP", 0)], None),
        ([], None),
    ],
    ids=["most", "in all quarters", "equal ones", "of 24 months", "nobody", "nothing"],
)
def test_the_main_destination_is_where_most_workers_were_sent(
    engine: Engine, sent: list[tuple[str, str, int]], main: str | None
) -> None:
    asking = replace(RUBRIC, fields=(*RUBRIC.fields, Field("main_destination", "text")))
    counted = replace(RUBRIC, fields=(*RUBRIC.fields, Field("main_destination", "number")))
    columns = "agency quarter destination workers source"
    lines = ((world.LICENCE, quarter, to, many, "DOLAB") for quarter, to, many in sent)
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        given = world.rows(columns, *lines)
        assert registry.save_deployments(session, cycle, given, world.NOW).problems == []
        (found,), (undeclared,), (unfit,) = (
            [one.record for one in records.listed(session, cycle, rubric, {})]
            for rubric in (asking, RUBRIC, counted)
        )
    assert found.facts.get("main_destination") == main
    assert "main_destination" not in undeclared.facts.keys() | unfit.facts.keys()
    assert record_values.record(asking, found.id, record_values.values(found)) == found
