"""Peers: agencies of a group are measured by what is usual in it, everybody else by the rest."""

from fractions import Fraction
from typing import Any

import pytest

from rankings.scoring.record import Count
from tests.scoring.builders import DAY, node
from tests.scoring.calibrated import rate, sued

PEERS = (
    'peers_by = "to"\npeers = { JP = { mu = 4, k = 3 }, KR = { mu = 1, k = 1 } }\n'
    '[[fields]]\nid = "to"\ntype = "text"\n'
)


@pytest.mark.parametrize(
    ("facts", "mu", "k"),
    [
        ({"to": "JP"}, 4, 3),
        ({"to": "KR"}, 1, 1),
        ({"to": "TW"}, 2, 1),
        ({}, 2, 1),
    ],
    ids=["a group", "another one", "a group without a benchmark", "no group"],
)
@pytest.mark.parametrize("events", [0, 2, 5])
def test_a_rate_is_shrunk_to_that_of_its_peers(
    facts: dict[str, Any], mu: int, k: int, events: int
) -> None:
    scorer = rate(mu=2, k=1, more=PEERS)
    card = scorer.score(sued(1000, Count(Fraction(events)), facts=facts), DAY)
    relative = Fraction(events + k * mu, 1 + k) / mu
    assert node(scorer, card, "r") == max(100 - 25 * relative, Fraction(0))
    assert card.confidence == Fraction(100, 1 + k)


def test_peers_change_nothing_for_others() -> None:
    with_peers, without = rate(more=PEERS), rate()
    agency = sued(700, Count(Fraction(3)))
    assert with_peers.score(agency, DAY).exact == without.score(agency, DAY).exact
