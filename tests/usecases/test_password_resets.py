"""Reset links: who makes them, what they undo, and once."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import NotAllowed, NotFound, TooMany
from rankings.models import Account
from rankings.usecases import accounts, memberships, password_resets, second_factor, sign_ins
from tests.usecases import world
from tests.usecases.persons import CALLER, NOBODY, NOW, OPERATOR, acting, enrolled, person


def made(session: Session, whose: Account) -> str:
    return password_resets.make(session, whose.id, CALLER, OPERATOR)


def test_a_link_sets_the_password_and_drops_the_second_factor_and_all_sign_ins(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        enrolled(session, linh)
        signed_in = sign_ins.begin(session, linh.id, "", acting(linh))
        assert password_resets.use(session, made(session, linh), "new", NOBODY) == linh.id
        assert (linh.password_hash, linh.totp_secret) == ("new", None)
        assert second_factor.left(session, linh.id) == 0
        assert sign_ins.current(session, signed_in, NOW) is None


def test_only_operators_make_links(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.cycle(session)
        linh, sok = person(session), person(session, "sok")
        chief = person(session, "chief", is_operator=True)
        memberships.grant(session, "alpha", linh.id, "secretariat", None, OPERATOR)
        for act in (acting(linh), acting(sok), NOBODY):
            with pytest.raises(NotAllowed):
                password_resets.make(session, sok.id, CALLER, act)
        assert password_resets.make(session, sok.id, CALLER, acting(chief))


def test_every_link_that_cannot_be_used_is_refused_in_the_same_words(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh, sok, kim = (person(session, name) for name in ("linh", "sok", "kim"))
        used, old, of_disabled = made(session, linh), made(session, sok), made(session, kim)
        password_resets.use(session, used, "new", NOBODY)
        accounts.disable(session, kim.id, OPERATOR)
        late = timedelta(days=1)
        said = set()
        for token, wait in (
            (used, timedelta(0)),
            (old, late),
            (of_disabled, timedelta(0)),
            ("unknown", timedelta(0)),
        ):
            with pytest.raises(NotFound) as refusal:
                password_resets.find(session, token, NOW + wait)
            said.add(str(refusal.value))
        assert len(said) == 1
        assert password_resets.find(session, old, NOW + late - timedelta(seconds=1))


def test_a_new_link_ends_the_older_ones(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        first, second = made(session, linh), made(session, linh)
        with pytest.raises(NotFound):
            password_resets.use(session, first, "new", NOBODY)
        assert password_resets.use(session, second, "new", NOBODY)


def test_there_are_five_a_day_for_an_account(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh, sok = person(session), person(session, "sok")
        for _ in range(5):
            made(session, linh)
        made(session, sok)
        with pytest.raises(TooMany):
            made(session, linh)
