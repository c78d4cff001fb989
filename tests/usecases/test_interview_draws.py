"""Draws of workers: by chance, from each group its share, never drawn away again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as some
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, Invalid, NotAllowed
from rankings.models import Declaration, JournalDetail, JournalEntry
from rankings.scoring.source import read
from rankings.usecases import conflicts, interview_draws, interviews
from rankings.usecases.incoming import Intake
from rankings.usecases.interview_draws import Wish, Worker
from tests.keys import THEN
from tests.usecases import world
from tests.usecases.interviewing import (
    DURING,
    asker,
    drawn,
    listed,
    numbers,
    place,
)


def test_whoever_has_list_and_seed_draws_the_same_workers_again(engine: Engine) -> None:
    with db.transaction(engine) as session:
        row = drawn(session, place(session), asker(session))
        entry = session.exec(
            select(JournalEntry).where(JournalEntry.action == "drew workers to interview")
        ).one()
        told = session.get_one(JournalDetail, (entry.association, entry.id)).details
    again = interview_draws.choose(list(reversed(listed())), 10, told["seed"])
    assert [one.number for one in again] == numbers(row)
    assert (told["size"], told["drawn"], told["list"]) == (40, 10, row.list_sha256)
    # By hand, with nothing of ours.
    abroad = [one.number for one in listed() if one.state == "abroad"]
    first = min(abroad, key=lambda one: sha256(f"{told['seed']} {one}".encode()).hexdigest())
    assert first in numbers(row)


def test_each_group_gives_its_share(engine: Engine) -> None:
    with db.transaction(engine) as session:
        row = drawn(session, place(session), asker(session))
    found = Counter(one.state for one in interview_draws.of_draw(row))
    assert found == {"abroad": 5, "returned": 3, "before_departure": 2}


@settings(max_examples=200, deadline=None)
@drawing(
    sizes=some.dictionaries(some.sampled_from("abcd"), some.integers(1, 50), min_size=1),
    many=some.integers(1, 80),
)
def test_shares_are_fair_and_never_more_than_there_are(sizes: dict[str, int], many: int) -> None:
    found = interview_draws.shares(sizes, many)
    assert sum(found.values()) == min(many, sum(sizes.values()))
    assert all(found[group] <= size for group, size in sizes.items())
    if many >= len(sizes):
        assert all(found.values())


def test_nothing_of_the_list_is_kept_but_the_drawn_numbers(engine: Engine) -> None:
    with db.transaction(engine) as session:
        row = drawn(session, place(session), asker(session), many=3)
        kept = str(row.drawn)
    left = {one.number for one in listed()} - set(numbers(row))
    assert len(numbers(row)) == 3
    assert not any(f"'{number}'" in kept for number in left)


def test_a_second_draw_adds_spares_and_takes_nobody_away(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        first = numbers(drawn(session, where, act))
        second = numbers(drawn(session, where, replace(act, now=act.now + timedelta(hours=1))))
        rows = interview_draws.of(session, where[0], where[1].id)
    assert not set(first) & set(second)
    assert [numbers(row) for row in rows] == [first, second]


def test_who_was_not_there_when_somebody_else_drew_is_told(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        stale = Wish("DOLAB", "5", interview_draws.token([]))
        drawn(session, where, act)
        with pytest.raises(Conflict, match="in the meantime"):
            interview_draws.draw(session, *where, listed(), stale, act)
        assert len(interview_draws.of(session, where[0], where[1].id)) == 1


def test_a_list_of_which_everybody_was_drawn_is_refused(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        drawn(session, where, act, many=200)
        with pytest.raises(Conflict, match="drawn already"):
            drawn(session, where, act)


WRONG = [("", "5", "source"), ("x" * 61, "5", "source"), ("DOLAB", "0", "many")]
WRONG += [("DOLAB", many, "many") for many in ("201", "ten", "")]


def test_a_wish_that_is_none_is_refused(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        for source, many, wrong in WRONG:
            wish = Wish(source, many, interview_draws.token([]))
            with pytest.raises(Invalid) as refused:
                interview_draws.draw(session, *where, listed(), wish, act)
            assert [one.place for one in refused.value.problems] == [wrong]


def test_nobody_draws_after_the_cut_off_day_with_a_tie_or_by_no_person(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        with pytest.raises(Conflict, match="cut-off day"):
            drawn(session, where, replace(act, now=world.NOW))
        with pytest.raises(NotAllowed):
            drawn(session, where, world.act(DURING))
        assert act.account
        session.add(
            Declaration(
                association="alpha",
                id=act.account,
                account=act.account,
                agency=where[1].id,
                kind="family",
                statement="a cousin",
                since=THEN.date(),
                declared_by=act.account,
                declared_at=THEN,
            )
        )
        session.flush()
        with pytest.raises(Conflict) as refused:
            drawn(session, where, act)
    assert str(refused.value) == conflicts.WHY


def test_a_number_that_stands_twice_in_a_list_is_named() -> None:
    intake = Intake()
    rows = [world.given(worker=number) for number in ("D-1", "D-2", "D-1")]
    found = interview_draws.workers(rows, intake)
    assert found == [Worker("D-1"), Worker("D-2")]
    assert "stands twice" in intake.problems[0].remedy


def test_a_file_counts_only_who_was_drawn_once_somebody_was(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        before = [world.interview(1, v1="yes")]
        assert interviews.save_interviews(session, where[0], before, world.NOW).new == 1
        row = drawn(session, where, act)
        first, second = numbers(row)[:2]
        usual = {"agency": world.LICENCE, "interviewed_on": DURING.date(), "worker": "abroad"}
        rows = [
            world.given(interview=number, chosen_by=by, v1="no", **usual)
            for number, by in (
                (first, "association"),
                (f"{world.CODE}/{second}", "association"),
                ("D-999", "association"),
                ("D-998", "agency"),
                (numbers(row)[2], "agency"),
            )
        ]
        intake = interviews.save_interviews(session, where[0], [*before, *rows], world.NOW)
    assert (intake.new, intake.same) == (3, 1)
    places = [(one.place, one.value) for one in intake.problems]
    assert places == [
        ("the row's interview", "D-999"),
        ("the row's chosen_by", "agency"),
    ]


def test_twice_as_many_as_must_answer_are_drawn_unless_somebody_says_otherwise() -> None:
    assert interview_draws.usual(read(world.source()).rubric) == 10
