"""Sign-ins: how they begin, how long they hold, and that an ended one stays ended."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import NotFound
from rankings.models import SignIn
from rankings.usecases import accounts, sign_ins
from tests.usecases.persons import NOBODY, NOW, OPERATOR, acting, later, person


def test_a_new_sign_in_lacks_the_second_factor(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        token = sign_ins.begin(session, linh.id, "Firefox", acting(linh))
        found = sign_ins.current(session, token, NOW)
    assert found is not None
    assert (found.account, found.email, found.language) == (linh.id, "linh@example.org", "vi")
    assert (found.verified, found.is_operator) == (False, False)


def test_an_unknown_token_is_nobody(engine: Engine) -> None:
    with db.reading(engine) as session:
        assert sign_ins.current(session, "", NOW) is None
        assert sign_ins.current(session, "\x00\ud800", NOW) is None


def test_a_token_is_kept_as_its_digest_only(engine: Engine) -> None:
    with db.transaction(engine) as session:
        token = sign_ins.begin(session, person(session).id, "", NOBODY)
        (row,) = session.exec(select(SignIn))
        assert token not in str(row)
        assert len(token) >= 43


def test_the_second_factor_gives_a_new_token_and_id_and_ends_the_old_ones(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        old = sign_ins.begin(session, linh.id, "", acting(linh))
        before = sign_ins.current(session, old, NOW)
        new = sign_ins.verify(session, old, acting(linh))
        after = sign_ins.current(session, new, NOW)
        assert sign_ins.current(session, old, NOW) is None
    assert before is not None
    assert after is not None
    assert new != old
    assert after.sign_in != before.sign_in
    assert after.verified


def test_a_sign_in_that_has_ended_cannot_be_verified(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        token = sign_ins.begin(session, linh.id, "", acting(linh))
        with pytest.raises(NotFound):
            sign_ins.verify(session, token, acting(linh, minutes=31))
        sign_ins.end_all(session, linh.id, acting(linh))
        with pytest.raises(NotFound):
            sign_ins.verify(session, token, acting(linh))


def test_half_an_hour_without_a_page_ends_it(engine: Engine) -> None:
    with db.transaction(engine) as session:
        token = sign_ins.begin(session, person(session).id, "", NOBODY)
        assert sign_ins.current(session, token, NOW + timedelta(minutes=30))
        assert not sign_ins.current(session, token, NOW + timedelta(minutes=30, seconds=1))


def test_it_ends_after_twelve_hours_however_busy(engine: Engine) -> None:
    with db.transaction(engine) as session:
        token = sign_ins.begin(session, person(session).id, "", NOBODY)
        for minutes in range(20, 12 * 60 + 1, 20):
            assert sign_ins.current(session, token, NOW + timedelta(minutes=minutes))
            sign_ins.seen(session, token, NOW + timedelta(minutes=minutes))
        assert not sign_ins.current(session, token, NOW + timedelta(hours=12, seconds=1))


def test_the_second_factor_does_not_make_the_twelve_hours_longer(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        token = sign_ins.begin(session, linh.id, "", acting(linh))
        token = sign_ins.verify(session, token, acting(linh, minutes=29))
        found = sign_ins.current(session, token, NOW + timedelta(minutes=58))
    assert found is not None
    assert found.begun_at == NOW


def test_being_seen_is_kept_to_the_minute(engine: Engine) -> None:
    with db.transaction(engine) as session:
        token = sign_ins.begin(session, person(session).id, "", NOBODY)
        sign_ins.seen(session, token, NOW + timedelta(seconds=59))
        (row,) = session.exec(select(SignIn))
        assert row.seen_at == NOW
        sign_ins.seen(session, token, NOW + timedelta(seconds=61))
        session.refresh(row)
        assert row.seen_at == NOW + timedelta(seconds=61)


def test_a_slow_request_does_not_bring_an_ended_sign_in_back(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        token = sign_ins.begin(session, linh.id, "", acting(linh))
    with db.reading(engine) as slow:
        assert sign_ins.current(slow, token, NOW + timedelta(minutes=5))
        with db.transaction(engine) as session:
            sign_ins.end_all(session, linh.id, acting(linh))
    with db.transaction(engine) as session:
        sign_ins.seen(session, token, NOW + timedelta(minutes=5))
        assert session.exec(select(SignIn)).all() == []


def test_a_disabled_account_is_out_at_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        token = sign_ins.begin(session, linh.id, "", acting(linh))
        accounts.disable(session, linh.id, OPERATOR)
        assert sign_ins.current(session, token, NOW) is None
        accounts.enable(session, linh.id, OPERATOR)
        assert sign_ins.current(session, token, NOW) is None


def test_one_sees_and_ends_ones_own_sign_ins_only(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh, sok = person(session), person(session, "sok")
        for minutes in (1, 2):
            sign_ins.begin(session, linh.id, f"device {minutes}", acting(linh, minutes=minutes))
        theirs = sign_ins.begin(session, sok.id, "", acting(sok))
        mine = sign_ins.listed(session, linh.id, NOW + timedelta(minutes=3))
        assert [one.device for one in mine] == ["device 2", "device 1"]
        with pytest.raises(NotFound):
            sign_ins.end(session, sok.id, mine[0].id, acting(sok))
        sign_ins.end(session, linh.id, mine[0].id, acting(linh))
        left = sign_ins.listed(session, linh.id, NOW + timedelta(minutes=3))
        assert [one.device for one in left] == ["device 1"]
        assert sign_ins.current(session, theirs, NOW)


def test_sign_ins_that_ran_out_are_dropped_with_the_next_one(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        sign_ins.begin(session, linh.id, "", acting(linh))
        sign_ins.begin(session, linh.id, "", acting(linh, hours=1))
        assert len(session.exec(select(SignIn)).all()) == 1


def test_a_device_is_told_in_a_few_printable_letters(engine: Engine) -> None:
    with db.transaction(engine) as session:
        sign_ins.begin(session, person(session).id, "x\x00\n\x1b" + "y" * 500, later())
        (row,) = session.exec(select(SignIn))
        assert row.device == "x" + "y" * 119
