"""Accounts: emails, names, passwords, and what the three steps of a sign-in answer."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound, TooMany
from rankings.models import JournalEntry, Throttle
from rankings.usecases import accounts, sign_ins, throttles
from rankings.usecases.accounts import Candidate, Newcomer
from rankings.usecases.throttles import Caller
from tests.usecases.persons import CALLER, NOBODY, NOW, OPERATOR, acting, later, person


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" Linh@Example.ORG ", "linh@example.org"),
        ("ｌｉｎｈ＠example.org", "linh@example.org"),
        ("li\u200bnh\x00@example.org", "linh@example.org"),
        ("đặng@ví-dụ.vn", "đặng@ví-dụ.vn"),
    ],
)
def test_one_email_has_one_form(given: str, kept: str) -> None:
    assert accounts.normalised(given) == kept


@pytest.mark.parametrize("given", ["", "linh", "@x.org", "a@b", "a b@x.org", "a@@x.org", "a@x..y"])
def test_what_is_no_email_is_named(given: str) -> None:
    with pytest.raises(Invalid, match=r"name@example\.org"):
        accounts.normalised(given)
    with pytest.raises(Invalid):
        accounts.normalised("a" * 250 + "@x.org")


def test_an_email_has_one_account(engine: Engine) -> None:
    with db.transaction(engine) as session:
        made = person(session)
        with pytest.raises(Conflict):
            accounts.add(session, "LINH@example.org", Newcomer("Other", "en"), NOBODY)
        assert accounts.named(session, "Linh@Example.org").id == made.id
        with pytest.raises(NotFound):
            accounts.named(session, "nobody@example.org")


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\x00b", "a\u202eb"])
def test_what_is_no_name_is_refused(engine: Engine, name: str) -> None:
    with db.transaction(engine) as session, pytest.raises(Invalid, match="name"):
        accounts.add(session, "a@example.org", Newcomer(name, "en"), NOBODY)


def test_a_language_is_one_of_ours(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        accounts.speak(session, linh.id, "km", acting(linh))
        assert linh.language == "km"
        with pytest.raises(Invalid, match="language"):
            accounts.speak(session, linh.id, "xx", acting(linh))


def test_a_new_password_ends_all_other_sign_ins(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        tokens = [sign_ins.begin(session, linh.id, "", acting(linh)) for _ in range(3)]
        mine = sign_ins.current(session, tokens[0], NOW)
        assert mine is not None
        accounts.change_password(session, linh.id, "new", acting(linh), mine.sign_in)
        alive = [sign_ins.current(session, token, NOW) is not None for token in tokens]
    assert alive == [True, False, False]


def test_nobody_disables_the_account_in_use(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        with pytest.raises(Conflict):
            accounts.disable(session, linh.id, acting(linh))


def test_the_right_password_gives_a_token_and_both_ends_are_journalled(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        tried = accounts.candidate(session, "Linh@example.org ", "pw", CALLER, NOBODY)
        assert tried == Candidate(linh.id, "hash of linh")
        assert accounts.welcome(session, tried, False, "", NOBODY) is None
        token = accounts.welcome(session, tried, True, "Firefox", NOBODY)
        assert token is not None
        assert sign_ins.current(session, token, NOW)
        assert told(session)[-2:] == [
            ("nobody", "gave a wrong password", str(linh.id)),
            (str(linh.id), "signed in", str(linh.id)),
        ]


def told(session: Session) -> list[tuple[str, str, str]]:
    """What the journal has of accounts, in no order but by who did it."""
    rows = session.exec(select(JournalEntry))
    found = [row for row in rows if "account" not in row.action]
    wanted = [(row.who, row.action, row.about) for row in found]
    return sorted(wanted, key=lambda each: each[0] != "nobody")


def test_for_whom_there_is_no_way_in_there_is_no_hash(engine: Engine) -> None:
    with db.transaction(engine) as session:
        sok = person(session, "sok")
        accounts.disable(session, sok.id, OPERATOR)
        accounts.add(session, "new@example.org", Newcomer("New", "en"), NOBODY)
        for email in ("nobody@example.org", "sok@example.org", "new@example.org", "", "\x00"):
            caller = Caller(b"", email)
            tried = accounts.candidate(session, email, "pw", caller, NOBODY)
            assert tried.hashed == ""
            assert accounts.welcome(session, tried, True, "", NOBODY) is None


def test_a_password_that_changed_during_the_comparison_is_no_way_in(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        tried = accounts.candidate(session, "linh@example.org", "pw", CALLER, NOBODY)
        accounts.change_password(session, linh.id, "new", acting(linh))
        assert accounts.welcome(session, tried, True, "", NOBODY) is None


def test_an_account_disabled_during_the_comparison_is_no_way_in(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        tried = accounts.candidate(session, "linh@example.org", "pw", CALLER, NOBODY)
        accounts.disable(session, linh.id, OPERATOR)
        assert accounts.welcome(session, tried, True, "", NOBODY) is None


def test_a_password_longer_than_any_is_refused_before_anything_is_counted(engine: Engine) -> None:
    with db.transaction(engine) as session:
        for email in ("linh@example.org", "nobody@example.org"):
            with pytest.raises(Invalid, match="1024 bytes"):
                accounts.candidate(session, email, "ម" * 342, CALLER, NOBODY)
        assert session.exec(select(Throttle)).all() == []


def heard(engine: Engine, email: str, caller: Caller, moment: timedelta) -> bool:
    """Does a try get as far as a comparison?"""
    act = later(seconds=moment.total_seconds())

    def work(session: Session) -> Candidate:
        return accounts.candidate(session, email, "wrong", caller, act)

    try:
        db.run(engine, work)
    except TooMany:
        return False
    return True


def test_of_a_thousand_tries_in_an_hour_few_are_heard_and_the_owner_gets_in(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        person(session, "sok")
    tries = [timedelta(seconds=3.6 * number) for number in range(1_000)]
    # From ever new addresses: only the limits of the account hold them.
    callers = [Caller(b"secret", f"198.51.100.{number % 250}") for number in range(1_000)]
    known = Caller(b"secret", "198.51.100.1", "device", frozenset({linh.id}))
    pairs = zip(callers, tries, strict=True)
    let_in = sum(heard(engine, "linh@example.org", *pair) for pair in pairs)
    assert let_in <= 25
    assert heard(engine, "linh@example.org", known, tries[-1])
    assert heard(engine, "sok@example.org", Caller(b"secret", "203.0.113.9"), tries[-1])
    assert not heard(engine, "linh@example.org", Caller(b"secret", "203.0.113.9"), tries[-1])


def test_a_known_device_has_limits_of_its_own(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
    known = Caller(b"secret", "192.0.2.1", "device", frozenset({linh.id}))
    at_once = [heard(engine, "linh@example.org", known, timedelta(0)) for _ in range(6)]
    assert at_once == [True] * 5 + [False]
    assert heard(engine, "linh@example.org", known, timedelta(minutes=1))


def test_emails_that_nobody_has_are_slowed_down_alike(engine: Engine) -> None:
    with db.transaction(engine) as session:
        person(session)
    for email in ("linh@example.org", "nobody@example.org"):
        answers = []
        for number in range(7):
            caller = Caller(b"secret", f"{email}{number}")
            answers.append(heard(engine, email, caller, timedelta(0)))
        assert answers == [True] * 5 + [False] * 2


def test_an_address_tries_ten_emails_in_five_minutes(engine: Engine) -> None:
    answers = [
        heard(engine, f"{number}@example.org", CALLER, timedelta(seconds=number))
        for number in range(12)
    ]
    assert answers == [True] * 10 + [False] * 2
    assert heard(engine, "1@example.org", CALLER, timedelta(minutes=5))


def test_the_table_of_tries_tells_no_email_and_no_address(engine: Engine) -> None:
    with db.transaction(engine) as session:
        accounts.candidate(session, "linh@example.org", "pw", CALLER, NOBODY)
        keys = [row.key for row in session.exec(select(Throttle))]
        assert len(keys) == 4
        assert all(len(key) == 64 for key in keys)
        throttles.forget(session, NOW + timedelta(days=3))
        assert session.exec(select(Throttle)).all() == []
