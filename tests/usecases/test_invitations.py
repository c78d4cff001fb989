"""Invitations: to whom, how long, and once, whoever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Invitation, Membership
from rankings.usecases import accounts, invitations, memberships, sign_ins
from rankings.usecases.accounts import Newcomer
from tests.usecases import world
from tests.usecases.persons import NOBODY, NOW, OPERATOR, acting, later, person

NEW = Newcomer("Linh", "vi", "hash")
THREADS = 32


def invited(session: Session, role: str = "auditor", agency: str | None = None) -> str:
    """The token of an invitation of linh@example.org by alpha."""
    world.register(session, world.cycle(session))
    return invitations.invite(session, "alpha", "Linh@Example.org", role, agency, OPERATOR)


def test_somebody_new_gets_an_account_and_the_role(engine: Engine) -> None:
    with db.transaction(engine) as session:
        token = invited(session, "agency_signatory", world.CODE)
        account = invitations.accept(session, "alpha", token, NEW, NOBODY)
        (held,) = memberships.everywhere(session, account)
        assert (held.membership.role, held.agency) == ("agency_signatory", world.CODE)
        assert held.account.email == "linh@example.org"
        assert held.names == {"vi": "Ví Dụ"}


def test_somebody_with_an_account_gets_the_role_only(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        token = invited(session)
        with pytest.raises(Conflict, match="sign in"):
            invitations.accept(session, "alpha", token, NEW, NOBODY)
        assert invitations.accept(session, "alpha", token, linh.id, acting(linh)) == linh.id
        assert [one.role for one in memberships.of(session, "alpha", linh.id)] == ["auditor"]


def test_another_person_cannot_take_it(engine: Engine) -> None:
    with db.transaction(engine) as session:
        sok = person(session, "sok")
        token = invited(session)
        with pytest.raises(NotFound):
            invitations.accept(session, "alpha", token, sok.id, acting(sok))
        assert invitations.find(session, "alpha", token, NOW)


def test_a_new_role_ends_the_sign_ins_of_before_but_one(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        tokens = [sign_ins.begin(session, linh.id, "", acting(linh)) for _ in range(2)]
        mine = sign_ins.current(session, tokens[0], NOW)
        assert mine is not None
        invitation = invited(session)
        act = acting(linh)
        invitations.accept(session, "alpha", invitation, linh.id, act, mine.sign_in)
        assert sign_ins.current(session, tokens[0], NOW)
        assert not sign_ins.current(session, tokens[1], NOW)


def refusals(engine: Engine) -> list[tuple[str, str, timedelta]]:
    """Links that cannot be taken: association, token, and when they are tried."""
    with db.transaction(engine) as session:
        used = invited(session)
        invitations.accept(session, "alpha", used, NEW, NOBODY)
        other = invitations.invite(session, "alpha", "a@x.org", "regulator", None, OPERATOR)
        gone = invitations.invite(session, "alpha", "b@x.org", "regulator", None, OPERATOR)
        (row, _), *_ = [
            pair for pair in invitations.opened(session, "alpha", NOW) if pair[0].email == "b@x.org"
        ]
        invitations.withdraw(session, "alpha", row.id, OPERATOR)
        world.cycle(session, "beta")
    at_once = timedelta(0)
    return [
        ("alpha", used, at_once),
        ("alpha", "unknown", at_once),
        ("alpha", other, timedelta(days=7)),
        ("beta", other, at_once),
        ("alpha", gone, at_once),
    ]


def test_used_old_unknown_and_withdrawn_links_are_refused_in_the_same_words(
    engine: Engine,
) -> None:
    said = set()
    for association, token, late in refusals(engine):
        with db.reading(engine) as session, pytest.raises(NotFound) as refusal:
            invitations.find(session, association, token, NOW + late)
        said.add(str(refusal.value))
    assert len(said) == 1


def test_it_holds_for_seven_days(engine: Engine) -> None:
    with db.transaction(engine) as session:
        token = invited(session)
        assert invitations.find(session, "alpha", token, NOW + timedelta(days=6, hours=23))


@pytest.mark.parametrize(
    ("role", "agency", "refusal"),
    [
        ("king", None, Invalid),
        ("auditor", world.CODE, Invalid),
        ("agency_member", None, Invalid),
        ("agency_member", "", Invalid),
        ("agency_member", "VN-99999", NotFound),
        ("agency_member", "\x00", NotFound),
    ],
)
def test_role_and_agency_must_fit(
    engine: Engine, role: str, agency: str | None, refusal: type[Exception]
) -> None:
    with db.transaction(engine) as session, pytest.raises(refusal):
        invited(session, role, agency)


def test_only_the_digest_of_the_token_is_kept(engine: Engine) -> None:
    with db.transaction(engine) as session:
        token = invited(session)
        (row,) = session.exec(select(Invitation))
        assert token not in str(row)


def test_open_invitations_are_listed_and_can_be_withdrawn_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        invited(session, "agency_member", world.CODE)
        ((row, agency),) = invitations.opened(session, "alpha", NOW)
        assert (row.email, agency) == ("linh@example.org", world.CODE)
        assert invitations.opened(session, "alpha", later(days=7).now) == []
        invitations.withdraw(session, "alpha", row.id, OPERATOR)
        with pytest.raises(NotFound):
            invitations.withdraw(session, "alpha", row.id, OPERATOR)
        assert invitations.opened(session, "alpha", NOW) == []


@pytest.mark.parametrize("is_new", [True, False])
def test_of_many_at_once_one_takes_it(engine: Engine, is_new: bool) -> None:
    with db.transaction(engine) as session:
        token = invited(session)
        by: Any = NEW if is_new else person(session).id

    def work(session: Session) -> object:
        return invitations.accept(session, "alpha", token, by, NOBODY)

    outcomes = at_once(lambda: db.run(engine, work))
    assert sorted(outcomes) == ["NotFound"] * (THREADS - 1) + ["taken"]
    with db.reading(engine) as session:
        assert len(session.exec(select(Membership)).all()) == 1
        assert len(accounts.everybody(session)) == 1


def at_once(work: Callable[[], object]) -> list[str]:
    """What becomes of the same work in many threads that start together."""
    start = Barrier(THREADS)

    def one(_: int) -> str:
        start.wait()
        try:
            work()
        except (NotFound, Conflict) as refusal:
            return type(refusal).__name__
        return "taken"

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))
