"""The second factor: codes of the moment, each once; recovery codes, each once; few tries."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, Invalid, TooMany
from rankings.models import Account, RecoveryCode
from rankings.usecases import accounts, second_factor, sign_ins
from rankings.usecases.throttles import Caller
from tests.usecases.persons import CALLER, NOW, acting, enrolled, person, sealed

KHMER, BURMESE, WIDE = "០១២៣៤៥៦៧៨៩", "၀၁၂၃၄၅၆၇၈၉", "０１２３４５６７８９"


def given(
    session: Session, whose: Account, code: str, caller: Caller = CALLER, **more: float
) -> bool:
    """Is the code taken, so long after the beginning?"""
    act = acting(whose, **more)
    return second_factor.check(session, whose.id, code, sealed, caller, act)


def in_digits(code: str, digits: str) -> str:
    return code.translate(str.maketrans("0123456789", digits))


def test_a_secret_counts_only_when_its_code_has_proved_it(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        _, kept = second_factor.enrol(sealed)
        with pytest.raises(Invalid, match="wait for the next"):
            second_factor.confirm(session, linh.id, kept, "", sealed, acting(linh))
        assert linh.totp_secret is None
        assert second_factor.left(session, linh.id) == 0


def test_the_code_of_the_moment_is_taken_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        app, _ = enrolled(session, linh)
        code = app.at(NOW + timedelta(minutes=2))
        assert given(session, linh, code, minutes=2)
        assert not given(session, linh, code, minutes=2)


def test_the_code_that_proved_the_secret_is_used_up(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        app, _ = enrolled(session, linh)
        assert not given(session, linh, app.at(NOW))


@pytest.mark.parametrize("digits", [KHMER, BURMESE, WIDE, "0123456789"])
def test_a_code_is_the_same_in_all_digits_also_when_it_is_used(engine: Engine, digits: str) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        app, _ = enrolled(session, linh)
        code = app.at(NOW + timedelta(minutes=2))
        spaced = f" {code[:3]} {code[3:]}\u200b"
        assert given(session, linh, in_digits(spaced, digits), minutes=2)
        for again in (KHMER, BURMESE, WIDE):
            assert not given(session, linh, in_digits(code, again), minutes=2)


def test_a_clock_may_be_wrong_by_one_step(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        app, _ = enrolled(session, linh)
        for seconds, taken in ((-60, False), (60, False), (-30, True), (30, True)):
            code = app.at(NOW + timedelta(minutes=5, seconds=seconds))
            caller = Caller(b"", str(seconds), str(seconds), frozenset({linh.id}))
            assert given(session, linh, code, caller, minutes=5) == taken


def test_a_step_before_the_used_one_is_used_too(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        app, _ = enrolled(session, linh)
        assert given(session, linh, app.at(NOW + timedelta(minutes=5, seconds=30)), minutes=5)
        assert not given(session, linh, app.at(NOW + timedelta(minutes=5)), minutes=5)


def test_a_recovery_code_is_taken_once_however_it_is_typed(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        _, codes = enrolled(session, linh)
        assert len(set(codes)) == 10
        assert given(session, linh, codes[0].upper().replace("-", " "))
        assert not given(session, linh, codes[0])
        assert second_factor.left(session, linh.id) == 9
        assert given(session, linh, codes[1])


def test_recovery_codes_are_kept_as_digests_only(engine: Engine) -> None:
    with db.transaction(engine) as session:
        _, codes = enrolled(session, person(session))
        rows = session.exec(select(RecoveryCode)).all()
        assert all(len(row.code_hash) == 64 for row in rows)
        plain = {second_factor.plain(code) for code in codes}
        assert not plain & {row.code_hash for row in rows}


def test_new_recovery_codes_make_the_old_ones_worthless(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        _, old = enrolled(session, linh)
        new = second_factor.renew_recovery(session, linh.id, acting(linh))
        assert not given(session, linh, old[0])
        assert given(session, linh, new[0])


def test_somebody_elses_code_is_wrong(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh, sok = person(session), person(session, "sok")
        _, codes = enrolled(session, linh)
        app, _ = enrolled(session, sok)
        assert not given(session, sok, codes[0])
        assert not given(session, linh, app.at(NOW + timedelta(minutes=2)), minutes=2)


def test_a_new_second_factor_ends_all_other_sign_ins(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        tokens = [sign_ins.begin(session, linh.id, "", acting(linh)) for _ in range(2)]
        enrolled(session, linh)
        assert [sign_ins.current(session, token, NOW) for token in tokens] == [None, None]


def test_a_password_alone_never_changes_a_second_factor(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        app, _ = enrolled(session, linh)
        secret, kept = second_factor.enrol(sealed)
        code = pyotp.TOTP(secret).at(NOW)
        with pytest.raises(Conflict):
            second_factor.confirm(session, linh.id, kept, code, sealed, acting(linh))
        assert given(session, linh, app.at(NOW + timedelta(minutes=2)), minutes=2)
        act = acting(linh)
        second_factor.confirm(session, linh.id, kept, code, sealed, act, replaces=True)
        assert not given(session, linh, app.at(NOW + timedelta(minutes=3)), minutes=3)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "\x00", "\ud800", "½⅓²³", "x" * 9999]
)
def test_what_is_no_code_is_wrong_and_nothing_else(engine: Engine, code: str) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        assert not given(session, linh, code)
        enrolled(session, linh)
        assert not given(session, linh, code)


def test_of_sixty_wrong_codes_in_a_day_at_most_fifty_are_checked(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        app, _ = enrolled(session, linh)
    known = Caller(b"secret", "192.0.2.1", "device", frozenset({linh.id}))
    checked = [counted(engine, linh, "000000", CALLER, 20 * number) for number in range(60)]
    assert checked == [False] * 50 + [None] * 10
    # The owner's device is not slowed down by others' tries.
    code = app.at(NOW + timedelta(minutes=20 * 60))
    assert counted(engine, linh, code, known, 20 * 60)


def test_five_codes_in_five_minutes_and_twenty_in_an_hour_are_checked(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        enrolled(session, linh)
    at_once = [counted(engine, linh, "000000", CALLER, 0) for _ in range(6)]
    assert at_once == [False] * 5 + [None]
    slowly = [counted(engine, linh, "000000", CALLER, 6 + 2.5 * number) for number in range(20)]
    assert slowly.count(False) == 15


def counted(
    engine: Engine, whose: Account, code: str, caller: Caller, minutes: float
) -> bool | None:
    """Is the code taken? None where it was not even checked."""
    try:
        return db.run(engine, lambda held: given(held, whose, code, caller, minutes=minutes))
    except TooMany:
        return None


def test_a_demonstration_shows_a_code_that_is_taken(engine: Engine) -> None:
    with db.transaction(engine) as session:
        linh = person(session)
        enrolled(session, linh)
        row = accounts.find(session, linh.id)
        assert given(session, linh, second_factor.code_now(row, sealed, NOW))
