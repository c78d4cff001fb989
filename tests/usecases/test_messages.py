"""Messages: who is written to, once for one occasion, in the transaction of what they tell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from rankings import db
from rankings.errors import NotFound
from rankings.models import Message
from rankings.usecases import accounts, memberships, messages
from tests.usecases import post
from tests.usecases.persons import OPERATOR
from tests.usecases.post import SCHEDULED, UNTIL, somebody, told

ABOUT = {"cycle": "2026", "until": UNTIL}


def test_one_person_hears_of_one_occasion_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        post.opened(session)
        linh = somebody(session, "linh", "secretariat", "lead_auditor")
        for _ in range(3):
            post.tell(session, linh)
        post.tell(session, linh, "2027 closes")
        assert told(session) == [("linh", "2026 closes"), ("linh", "2027 closes")]


def test_an_agency_is_everybody_who_acts_for_it(engine: Engine) -> None:
    with db.transaction(engine) as session:
        post.opened(session)
        mine, other = post.FIRST, post.OTHER
        somebody(session, "linh", f"agency_member:{mine}", f"agency_signatory:{mine}")
        somebody(session, "sok", f"agency_signatory:{mine}", f"agency_member:{other}")
        somebody(session, "aye", f"agency_member:{other}", "auditor")
        somebody(session, "beta", f"agency_member:{mine}", at="beta")
        for code in (mine, other, mine):
            key = post.agency(session, code)
            order = ("2026 opens", "opened", ABOUT, SCHEDULED)
            assert messages.to_agency(session, "alpha", key, *order) == 2
        assert told(session) == [
            ("aye", f"2026 opens {other}"),
            ("linh", f"2026 opens {mine}"),
            ("sok", f"2026 opens {mine}"),
            ("sok", f"2026 opens {other}"),
        ]
        values = session.exec(select(Message)).first()
        assert values is not None
        assert values.values["agency"] in (mine, other)


def test_a_role_is_everybody_who_has_it_in_this_association(engine: Engine) -> None:
    with db.transaction(engine) as session:
        post.opened(session)
        somebody(session, "linh", "secretariat")
        somebody(session, "sok", "secretariat")
        somebody(session, "aye", "auditor")
        somebody(session, "beta", "secretariat", at="beta")
        order = ("2026 red", "gates_red", {"cycle": "2026", "count": "2"}, SCHEDULED)
        assert messages.to_role(session, "alpha", "secretariat", *order) == 2
        assert messages.to_role(session, "alpha", "case_officer", *order) == 0
        assert told(session) == [("linh", "2026 red"), ("sok", "2026 red")]


def test_who_is_disabled_or_has_no_role_here_is_not_written_to(engine: Engine) -> None:
    with db.transaction(engine) as session:
        post.opened(session)
        gone = somebody(session, "gone", "secretariat")
        somebody(session, "linh", "secretariat")
        former = somebody(session, "former", "auditor")
        beta = somebody(session, "beta", "secretariat", at="beta")
        accounts.disable(session, gone, OPERATOR)
        memberships.end(session, "alpha", memberships.of(session, "alpha", former)[0].id, OPERATOR)
        for whom in (gone, former, beta):
            post.tell(session, whom)
        order = ("2026 red", "gates_red", {"cycle": "2026", "count": "2"}, SCHEDULED)
        assert messages.to_role(session, "alpha", "secretariat", *order) == 1
        assert told(session) == [("linh", "2026 red")]


def test_what_is_undone_is_not_told(engine: Engine) -> None:
    with db.transaction(engine) as session:
        post.opened(session)
        linh = somebody(session, "linh", "secretariat")

    def fail(session: Session) -> None:
        post.tell(session, linh)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.run(engine, fail)
    with db.reading(engine) as session:
        assert told(session) == []


def test_sixteen_who_tell_the_same_at_once_tell_it_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        post.opened(session)
        linh = somebody(session, "linh", "secretariat")

    def tell(number: int) -> None:
        db.run(engine, lambda session: post.tell(session, linh, f"occasion {number % 2}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tell, range(16)))
    with db.reading(engine) as session:
        assert session.exec(select(func.count()).select_from(Message)).one() == 2


@pytest.mark.parametrize(
    ("kind", "values", "why"),
    [
        ("gossip", {}, "no kind"),
        ("reminder", {"cycle": "2026"}, "agency, until"),
        ("audits_ending", {"cycle": "2026", "until": "soon"}, "Invalid isoformat"),
        ("audits_ending", {"cycle": "2026", "until": "2026-11-30T10:00"}, "no offset"),
    ],
)
def test_a_message_that_could_not_be_written_is_a_bug_at_once(
    kind: str, values: dict[str, str], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        messages.write(Session(), "alpha", UUID(int=1), "-", kind, values, SCHEDULED)


def test_there_is_no_such_role_or_agency(engine: Engine) -> None:
    with db.transaction(engine) as session:
        post.opened(session)
        with pytest.raises(ValueError, match="no role"):
            messages.to_role(session, "alpha", "boss", "-", "closed", {"cycle": "1"}, SCHEDULED)
        theirs = UUID(int=99)
        order = ("-", "published", {"cycle": "1"}, SCHEDULED)
        with pytest.raises(NotFound):
            messages.to_agency(session, "alpha", theirs, *order)


def test_a_day_or_a_moment_is_understood() -> None:
    assert messages.until("2026-11-30") == date(2026, 11, 30)
    assert messages.until(UNTIL).isoformat() == UNTIL
