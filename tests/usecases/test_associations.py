"""Associations: a code is taken once and found by nobody else's name."""

import pytest
from sqlalchemy import Engine

from rankings import db
from rankings.errors import Conflict, NotFound
from rankings.usecases import associations
from tests.usecases import steps


def test_an_association_is_found_by_its_code(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session, "alpha")
    with db.reading(engine) as session:
        found = associations.find(session, "alpha")
        assert (found.name, found.country, found.time_zone) == (
            "The alpha association",
            "VN",
            "Asia/Bangkok",
        )


def test_an_unknown_association_is_not_found(engine: Engine) -> None:
    with db.reading(engine) as session, pytest.raises(NotFound):
        associations.find(session, "alpha")


def test_a_code_is_taken_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session, "alpha")
    with db.transaction(engine) as session, pytest.raises(Conflict):
        steps.association(session, "alpha")
