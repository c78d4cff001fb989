"""The rules of a rubric in plain English, as they stand in a published workbook."""

from rankings.adapters import edition_rules
from tests.scoring.calibrated import rate


def test_a_rate_says_what_is_usual_and_for_whom() -> None:
    peers = 'peers_by = "to"\npeers = { JP = { mu = 4.5, k = 3 }, KR = { mu = 1, k = 0.2 } }\n'
    text = edition_rules.rule(
        rate(mu=2, k=1, more=f'{peers}[[fields]]\nid = "to"\ntype = "text"\n')
        .rubric.indicators[0]
        .rule
    )
    assert text.split("; ")[:4] == [
        "events per 1000 workers",
        "with 1 times 1000 workers at 2 added",
        "where to is JP: 3 times 1000 workers at 4.5",
        "where to is KR: 0.2 times 1000 workers at 1",
    ]
    assert "where" not in edition_rules.rule(rate().rubric.indicators[0].rule)
