"""Editions: numbered per cycle, told apart by association, read back byte for byte."""

import hashlib
import json
from uuid import UUID

import pytest
import rfc8785
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, NotFound
from rankings.models import EditionPart, RankingEdition
from rankings.scoring.score import Scorer
from rankings.usecases import associations, cycles, edition_parts, editions
from tests.usecases import steps

NAMES = {"ranking", "rubric", "agencies/A", "agencies/B", "agencies/C"}


def test_the_number_counts_up_in_each_cycle(engine: Engine) -> None:
    with db.transaction(engine) as session:
        first = steps.cycle(session)
        second = cycles.open_cycle(session, "alpha", steps.plan("2027", number=2), steps.NOW)
        assert steps.publish(session, first, 1).number == 1
        assert steps.publish(session, first, 2, "A name was wrong.").number == 2
        assert steps.publish(session, second, 3).number == 1
        assert steps.publish(session, first, 4, "A name was wrong again.").number == 3


@pytest.mark.parametrize("reason", [None, "", " \n"])
def test_a_correction_without_a_reason_is_refused(engine: Engine, reason: str | None) -> None:
    with db.transaction(engine) as session:
        opened = steps.cycle(session)
        steps.publish(session, opened, 1)
        with pytest.raises(Conflict):
            steps.publish(session, opened, 2, reason)
    with db.reading(engine) as session:
        assert len(session.exec(select(RankingEdition)).all()) == 1


def test_parts_come_back_byte_for_byte(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened = steps.cycle(session)
        made = steps.parts(session, opened)
        steps.publish(session, opened)
    with db.reading(engine) as session:
        rows = session.exec(select(EditionPart)).all()
        assert {row.name: row.body for row in rows} == made
        assert all(row.digest == hashlib.sha256(row.body).hexdigest() for row in rows)
    assert made.keys() >= NAMES


def test_the_digest_of_an_edition_names_every_part(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened = steps.cycle(session)
        digests = {
            name: hashlib.sha256(body).hexdigest()
            for name, body in steps.parts(session, opened).items()
        }
        edition = steps.publish(session, opened)
    assert edition.digest == hashlib.sha256(rfc8785.dumps(digests)).hexdigest()


def test_the_current_edition_is_the_newest(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened = steps.cycle(session)
        steps.publish(session, opened, 1)
        assert editions.current(session, "alpha").number == 1
        steps.publish(session, opened, 2, "A name was wrong.")
    with db.reading(engine) as session:
        found = editions.current(session, "alpha")
        assert (found.number, found.reason) == (2, "A name was wrong.")


def test_of_two_cycles_the_one_published_last_is_current(engine: Engine) -> None:
    with db.transaction(engine) as session:
        first = steps.cycle(session)
        second = cycles.open_cycle(session, "alpha", steps.plan("2027", number=2), steps.NOW)
        steps.publish(session, first, 1)
        steps.publish(session, first, 2, "A name was wrong.")
        steps.publish(session, second, 3)
    with db.reading(engine) as session:
        assert editions.current(session, "alpha").cycle == second.id


def test_an_edition_and_its_parts_are_written_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.publish(session, steps.cycle(session))
    with pytest.raises(db.WrittenOnce), db.transaction(engine) as session:
        editions.current(session, "alpha").reason = "changed"
    with pytest.raises(db.WrittenOnce), db.transaction(engine) as session:
        session.delete(session.exec(select(EditionPart)).first())
    with db.reading(engine) as session:
        assert editions.current(session, "alpha").reason is None


def test_another_associations_edition_is_not_found(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.publish(session, steps.cycle(session, "alpha"))
        steps.cycle(session, "beta")
        with pytest.raises(NotFound):
            editions.current(session, "beta")
        assert [one.id for one in editions.published_by(session)] == ["alpha"]


def test_two_associations_see_their_own_edition_only(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.publish(session, steps.cycle(session, "alpha"))
        steps.publish(session, steps.cycle(session, "beta"))
    with db.reading(engine) as session:
        for code in ("alpha", "beta"):
            ranking = editions.ranking(session, editions.current(session, code))
            assert ranking["association"]["code"] == code


def test_another_associations_cycle_cannot_be_published(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened = steps.cycle(session, "alpha")
        steps.association(session, "beta")
    with pytest.raises(IntegrityError), db.transaction(engine) as session:
        editions.store(session, "beta", opened, editions.New(UUID(int=9), {}), steps.NOW)


@pytest.mark.parametrize("code", ["Z", "", "a", "A/x", "../ranking"])
def test_an_unknown_agency_is_not_found(engine: Engine, code: str) -> None:
    with db.transaction(engine) as session:
        edition = steps.publish(session, steps.cycle(session))
        with pytest.raises(NotFound):
            editions.agency(session, edition, code)


def test_the_ranking_lists_by_place_and_then_by_code(engine: Engine) -> None:
    with db.transaction(engine) as session:
        edition = steps.publish(session, steps.cycle(session))
        entries = editions.ranking(session, edition)["entries"]
    assert [(one["rank"], one["code"]) for one in entries] == [(1, "B"), (2, "A"), (2, "C")]


def test_the_edition_carries_the_rubric_that_the_cycle_froze(engine: Engine) -> None:
    with db.transaction(engine) as session:
        edition = steps.publish(session, steps.cycle(session))
        steps.rubric(session, version="2.0.0")
        found = editions.rubric(session, edition)
    assert found == {"document": steps.source().document, "labels": {}}


def test_parts_do_not_depend_on_the_order_of_the_agencies(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened = steps.cycle(session)
        whose = associations.find(session, "alpha")
        scorer, listed = Scorer(cycles.code_of(opened).rubric), steps.scored()
        made = edition_parts.parts(whose, opened, scorer, listed)
        assert edition_parts.parts(whose, opened, scorer, listed) == made
        assert edition_parts.parts(whose, opened, scorer, reversed(listed)) == made
        assert list(edition_parts.parts(whose, opened, scorer, reversed(listed))) == list(made)


def test_every_part_is_canonical(engine: Engine) -> None:
    with db.transaction(engine) as session:
        made = steps.parts(session, steps.cycle(session))
    for name, body in made.items():
        assert rfc8785.dumps(json.loads(body)) == body, name
