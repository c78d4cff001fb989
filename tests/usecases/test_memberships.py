"""Roles: who has which, how they are given, and that taking one away works at once."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Account
from rankings.usecases import accounts, memberships, sign_ins
from tests.usecases import world
from tests.usecases.persons import NOW, OPERATOR, acting, person


def grant(
    session: Session, whom: Account, role: str, agency: str | None = None, at: str = "alpha"
) -> UUID:
    return memberships.grant(session, at, whom.id, role, agency, OPERATOR).id


def opened(session: Session) -> None:
    """alpha with one agency, and beta."""
    world.register(session, world.cycle(session))
    world.cycle(session, "beta")


def test_roles_are_known_by_association(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened(session)
        linh = person(session)
        grant(session, linh, "secretariat")
        grant(session, linh, "agency_member", world.CODE)
        grant(session, linh, "regulator", at="beta")
        roles = [one.role for one in memberships.of(session, "alpha", linh.id)]
        assert roles == ["agency_member", "secretariat"]
        held = memberships.everywhere(session, linh.id)
        assert [(one.membership.association, one.agency) for one in held] == [
            ("alpha", world.CODE),
            ("alpha", None),
            ("beta", None),
        ]


def test_an_association_sees_its_own_people_only(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened(session)
        linh, sok = person(session), person(session, "sok")
        grant(session, linh, "auditor")
        grant(session, sok, "auditor", at="beta")
        assert [one.account.email for one in memberships.people(session, "alpha")] == [linh.email]


def test_a_role_is_given_once_and_only_as_it_fits(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened(session)
        linh = person(session)
        grant(session, linh, "auditor")
        with pytest.raises(Conflict):
            grant(session, linh, "auditor")
        with pytest.raises(Invalid):
            grant(session, linh, "regulator", world.CODE)
        with pytest.raises(NotFound):
            grant(session, linh, "agency_member", world.CODE, at="beta")
        with pytest.raises(NotFound):
            grant(session, linh, "auditor", at="gamma")
        with pytest.raises(NotFound):
            memberships.grant(session, "alpha", uuid4(), "auditor", None, OPERATOR)


def test_a_changed_role_ends_all_sign_ins(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened(session)
        linh = person(session)
        token = sign_ins.begin(session, linh.id, "", acting(linh))
        role = grant(session, linh, "auditor")
        assert sign_ins.current(session, token, NOW) is None
        token = sign_ins.begin(session, linh.id, "", acting(linh))
        memberships.end(session, "alpha", role, OPERATOR)
        assert sign_ins.current(session, token, NOW) is None
        assert memberships.of(session, "alpha", linh.id) == []


def test_another_association_cannot_end_a_role(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened(session)
        role = grant(session, person(session), "auditor")
        with pytest.raises(NotFound):
            memberships.end(session, "beta", role, OPERATOR)


def test_a_secretariat_cannot_end_its_own_last_role(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened(session)
        linh, sok = person(session), person(session, "sok")
        mine, theirs = grant(session, linh, "secretariat"), grant(session, sok, "secretariat")
        grant(session, sok, "secretariat", at="beta")
        memberships.end(session, "alpha", theirs, acting(linh))
        with pytest.raises(Conflict):
            memberships.end(session, "alpha", mine, acting(linh))


def test_one_who_is_kept_out_is_no_secretariat_that_is_left(engine: Engine) -> None:
    with db.transaction(engine) as session:
        opened(session)
        linh, sok = person(session), person(session, "sok")
        mine = grant(session, linh, "secretariat")
        grant(session, sok, "secretariat")
        accounts.disable(session, sok.id, OPERATOR)
        with pytest.raises(Conflict):
            memberships.end(session, "alpha", mine, acting(linh))
        accounts.enable(session, sok.id, OPERATOR)
        memberships.end(session, "alpha", mine, acting(linh))
