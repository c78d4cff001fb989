"""Signing in: the same answer for everybody who cannot, slow for who tries, never a lock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rankings import db
from rankings.adapters.passwords import Hasher
from rankings.usecases import accounts
from tests.web import doors
from tests.web.doors import EN, PASSWORD, Doors, Tab, bare
from tests.web.serving import stop

SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Doors]:
    found = doors.doors(engine, tmp_path)
    found.person("linh")
    yield found
    stop(found.app)


def test_password_and_code_lead_in_and_each_step_has_its_own_token(held: Doors) -> None:
    tab = held.browser()
    assert tab.sign_in("linh").location == f"{EN}/code"
    first = tab.token
    before = tab.who()
    assert before is not None
    assert not before.verified
    assert tab.get(f"{EN}/").status_code == 303
    assert tab.post(f"{EN}/code", code=held.code("linh")).location == f"{EN}/"
    after = tab.who()
    assert after is not None
    assert after.verified
    assert tab.token != first
    assert after.sign_in != before.sign_in
    assert tab.who(first) is None
    assert "Linh" in tab.get(f"{EN}/").text


def test_a_planted_session_does_not_survive_signing_in(held: Doors) -> None:
    tab = held.browser()
    tab.get(f"{EN}/sign-in")
    with tab.client.session_transaction() as cookie:
        cookie["csrf_token"] = planted = "planted"
        cookie["other"] = "thing"
    with tab.client.session_transaction() as cookie:
        assert cookie["csrf_token"] == planted
    assert tab.sign_in("linh").status_code == 303
    with tab.client.session_transaction() as cookie:
        assert "other" not in cookie
        assert cookie.get("csrf_token") != planted


def failures(held: Doors) -> list[tuple[str, str]]:
    """Who tries with which password and cannot get in."""
    held.person("kept-out")
    held.person("new", enrolled=False)
    with db.transaction(held.engine) as session:
        accounts.disable(session, accounts.named(session, "kept-out@example.org").id, held.act())
        accounts.add(session, "empty@example.org", accounts.Newcomer("E", "en"), held.act())
    return [
        ("nobody", PASSWORD),
        ("linh", "wrong"),
        ("kept-out", PASSWORD),
        ("empty", ""),
        ("new", "wrong"),
        ("linh", ""),
    ]


def test_every_failure_gets_the_same_answer_after_one_run_of_the_hasher(held: Doors) -> None:
    answers, runs = set(), []
    for number, (name, password) in enumerate(failures(held)):
        tab, held.hasher.runs = held.browser(f"198.51.100.{number}"), 0
        status, text, headers = bare(tab.sign_in(name, password))
        answers.add((status, text.replace(doors.email(name), ""), str(headers)))
        runs.append(held.hasher.runs)
        assert tab.token == ""
    assert len(answers) == 1
    assert runs == [1] * 6


def test_success_takes_one_run_too_also_without_a_second_factor(held: Doors) -> None:
    held.person("new", enrolled=False)
    for name in ("linh", "new"):
        held.hasher.runs = 0
        assert held.browser().sign_in(name).status_code == 303
        assert held.hasher.runs == 1


def test_a_known_device_gets_in_while_strangers_are_slowed_down(held: Doors) -> None:
    mine = held.entered("linh")
    assert mine.post(f"{EN}/sign-out", page=f"{EN}/").status_code == 303
    held.wait(hours=1)
    stranger = [held.browser(f"203.0.113.{number}") for number in range(7)]
    assert [tab.sign_in("linh", "wrong").status_code for tab in stranger] == [422] * 5 + [429] * 2
    held.hasher.runs = 0
    assert mine.sign_in("linh").status_code == 303
    assert held.hasher.runs == 1


def test_a_forged_device_cookie_makes_no_device_known(held: Doors) -> None:
    with db.reading(held.engine) as session:
        account = accounts.named(session, "linh@example.org").id
    tabs = [held.browser(f"203.0.113.{number}") for number in range(6)]
    for tab in tabs:
        tab.client.set_cookie("device", f"{'0' * 32}.{account.hex}.{'0' * 64}")
    assert [tab.sign_in("linh", "wrong").status_code for tab in tabs] == [422] * 5 + [429]


def test_who_tried_too_often_is_told_how_long_to_wait(held: Doors) -> None:
    answers = [held.browser(f"203.0.113.{n}").sign_in("linh", "wrong") for n in range(6)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "60"
    assert "wait 1 min (60 s)" in answers[-1].text
    held.wait(seconds=60)
    assert held.browser().sign_in("linh").status_code == 303


def test_an_address_is_slowed_down_but_not_the_next_one(held: Doors) -> None:
    tries = [held.browser().sign_in(f"n{number}", "x").status_code for number in range(11)]
    assert tries == [422] * 10 + [429]
    assert held.browser("192.0.2.2").sign_in("linh").status_code == 303


@SQLITE
def test_a_network_of_new_addresses_counts_as_one(held: Doors) -> None:
    tries = [
        held.browser(f"2001:db8:0:1::{number:x}").sign_in(f"n{number}", "x").status_code
        for number in range(11)
    ]
    assert tries == [422] * 10 + [429]
    assert held.browser("2001:db8:0:2::1").sign_in("linh").status_code == 303


@SQLITE
def test_a_password_longer_than_any_never_gets_to_the_hasher(held: Doors) -> None:
    answers = {
        bare(held.browser().sign_in(name, "x" * 1_025))[1].replace(doors.email(name), "")
        for name in ("linh", "nobody")
    }
    assert len(answers) == 1
    assert "at most 1024 bytes" in answers.pop()
    assert held.hasher.runs == 0


@pytest.mark.parametrize("email", ["\x00", "a\x00@example.org", "x" * 5_000, "'--", "%"])
def test_odd_emails_are_answered_like_any_other(held: Doors, email: str) -> None:
    answer = held.browser().post(f"{EN}/sign-in", email=email, password="x")
    assert answer.status_code == 422


@SQLITE
def test_a_password_is_hashed_anew_when_the_parameters_have_changed(held: Doors) -> None:
    held.app.extensions["hasher"] = Hasher(kibibytes=16, passes=1, lanes=1)
    assert held.browser().sign_in("linh").status_code == 303
    with db.reading(held.engine) as session:
        hashed = accounts.named(session, "linh@example.org").password_hash
    assert "m=16," in hashed
    assert held.browser().sign_in("linh").status_code == 303


def test_a_used_code_is_refused_in_any_digits(held: Doors) -> None:
    held.entered("linh")
    used, tab = held.code("linh"), held.browser()
    tab.sign_in("linh")
    khmer = used.translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))
    for code in (used, f"{used[:3]} {used[3:]}", khmer, "x" * 200):
        assert tab.post(f"{EN}/code", code=code).status_code == 422
    known = tab.who()
    assert known is not None
    assert not known.verified


def test_wrong_codes_are_slowed_down_but_not_on_the_owners_device(held: Doors) -> None:
    mine, thief = held.entered("linh"), held.browser("203.0.113.1")
    mine.post(f"{EN}/sign-out", page=f"{EN}/")
    held.wait(hours=1)
    thief.sign_in("linh")
    answers = [thief.post(f"{EN}/code", code="000000").status_code for _ in range(7)]
    assert answers == [422] * 5 + [429] * 2
    held.wait(seconds=30)
    mine.sign_in("linh")
    assert mine.post(f"{EN}/code", code=held.code("linh")).status_code == 303


def test_signing_out_ends_it_everywhere_the_token_lies(held: Doors) -> None:
    tab = held.entered("linh")
    token = tab.token
    assert tab.post(f"{EN}/sign-out", page=f"{EN}/").location == f"{EN}/sign-in"
    assert tab.token == ""
    assert tab.who(token) is None
    copy = held.browser()
    with copy.client.session_transaction() as cookie:
        cookie["sign_in"] = token
    assert copy.get(f"{EN}/").status_code == 303


@pytest.mark.parametrize(("minutes", "times"), [(31, 1), (25, 29)])
def test_idle_and_endless_sign_ins_end(held: Doors, minutes: int, times: int) -> None:
    tab = held.entered("linh")
    for _ in range(times - 1):
        held.wait(minutes=minutes)
        assert tab.get(f"{EN}/").status_code == 200
    held.wait(minutes=minutes)
    assert tab.get(f"{EN}/").status_code == 303


@SQLITE
def test_a_demonstration_shows_the_code_and_nothing_else_does(held: Doors) -> None:
    tab = held.browser()
    tab.sign_in("linh")
    assert held.code("linh") not in tab.get(f"{EN}/code").text
    held.app.config["DEMONSTRATION"] = True
    assert f"the code is {held.code('linh')}" in tab.get(f"{EN}/code").text


@SQLITE
def test_the_database_holds_no_token_code_or_password_in_clear(held: Doors) -> None:
    tab = held.entered("linh")
    held.browser().sign_in("linh", "kh0ng ph4i m4t kh4u")
    secrets = [PASSWORD, tab.token, held.code("linh"), "kh0ng ph4i m4t kh4u"]
    secrets.append(held.apps["linh@example.org"].secret)
    held.engine.dispose()
    files = list(Path(str(held.engine.url.database)).parent.glob("*.sqlite*"))
    stored = b"".join(file.read_bytes() for file in files)
    assert b"linh@example.org" in stored
    assert [secret for secret in secrets if secret.encode() in stored] == []


@SQLITE
def test_the_cookies_are_for_this_host_only_and_out_of_reach_for_scripts(held: Doors) -> None:
    tab: Tab = held.browser()
    tab.sign_in("linh")
    answer = tab.post(f"{EN}/code", code=held.code("linh"))
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie
