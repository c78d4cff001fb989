"""The account's own pages: second factor, recovery codes, password, sign-ins, language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.models import SignIn
from rankings.usecases import accounts, memberships
from tests.web import doors
from tests.web.doors import EN, OTHER_PASSWORD, PASSWORD, Doors, Tab
from tests.web.serving import stop

CODES = re.compile(r'<code class="secret">([^<]+)<')


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Doors]:
    found = doors.doors(engine, tmp_path)
    found.person("linh")
    yield found
    stop(found.app)


def shown_secret(tab: Tab) -> pyotp.TOTP:
    """The app after the key was typed in."""
    page = tab.get(f"{EN}/second-factor").text
    found = re.search(r'id="secret"[^>]*>([^<]+)<', page)
    assert found
    return pyotp.TOTP(found[1].replace(" ", ""))


def test_who_has_no_second_factor_sets_one_up_before_anything_else(held: Doors) -> None:
    held.person("new", enrolled=False)
    tab = held.browser()
    tab.sign_in("new")
    assert tab.get(f"{EN}/code").location == f"{EN}/second-factor"
    assert tab.get(f"{EN}/").status_code == 303
    app, before = shown_secret(tab), tab.token
    assert app.secret == shown_secret(tab).secret
    assert tab.post(f"{EN}/second-factor", code="000000").status_code == 422
    answer = tab.post(f"{EN}/second-factor", code=app.at(held.now))
    assert answer.status_code == 200
    assert len(set(CODES.findall(answer.text))) == 10
    assert tab.token != before
    assert tab.who(before) is None
    assert tab.get(f"{EN}/").status_code == 200


def test_the_picture_has_a_text_alternative_and_no_style_of_its_own(held: Doors) -> None:
    held.person("new", enrolled=False)
    tab = held.browser()
    tab.sign_in("new")
    page = tab.get(f"{EN}/second-factor").text
    assert "<svg" in page
    assert "style=" not in page
    assert 'role="img" aria-label="A picture for the app' in page


def test_a_password_alone_cannot_replace_the_second_factor(held: Doors) -> None:
    tab = held.browser()
    tab.sign_in("linh")
    assert tab.get(f"{EN}/second-factor").location == f"{EN}/code"
    with tab.client.session_transaction() as cookie:
        sealer = held.app.extensions["sealer"]
        secret = pyotp.random_base32()
        cookie["enrolling"] = sealer.seal(secret.encode()).decode()
    code = pyotp.TOTP(secret).at(held.now)
    assert tab.post(f"{EN}/second-factor", page=f"{EN}/code", code=code).status_code == 409
    known = tab.who()
    assert known is not None
    assert not known.verified


def test_a_new_second_factor_needs_the_password_and_ends_other_sign_ins(held: Doors) -> None:
    other, tab = held.entered("linh"), held.entered("linh")
    app, before = shown_secret(tab), tab.token
    code = app.at(held.now)
    assert tab.post(f"{EN}/second-factor", code=code, current="wrong").status_code == 422
    answer = tab.post(f"{EN}/second-factor", code=code, current=PASSWORD)
    assert len(CODES.findall(answer.text)) == 10
    assert (other.who(), tab.who(before)) == (None, None)
    assert tab.token != before
    assert tab.get(f"{EN}/").status_code == 200


def test_a_recovery_code_leads_in_once(held: Doors) -> None:
    tab = held.entered("linh")
    assert tab.post(f"{EN}/recovery-codes", current="wrong").status_code == 422
    codes = CODES.findall(tab.post(f"{EN}/recovery-codes", current=PASSWORD).text)
    assert len(codes) == 10
    assert codes[0] not in tab.get(f"{EN}/recovery-codes").text
    for expected in (303, 422):
        fresh = held.browser()
        fresh.sign_in("linh")
        assert fresh.post(f"{EN}/code", code=codes[0]).status_code == expected
    assert "9 are left" in tab.get(f"{EN}/").text


def change(tab: Tab, current: str = PASSWORD, new: str = OTHER_PASSWORD, again: str = "") -> int:
    fields = {"current": current, "password": new, "again": again or new}
    return tab.post(f"{EN}/password", **fields).status_code


def test_a_new_password_ends_other_sign_ins_and_changes_ones_own_token(held: Doors) -> None:
    others, tab = [held.entered("linh") for _ in range(2)], held.entered("linh")
    before = tab.token
    assert change(tab) == 303
    assert [other.who() for other in others] == [None, None]
    assert tab.who(before) is None
    assert tab.get(f"{EN}/").status_code == 200
    held.wait(minutes=5)
    assert held.browser().sign_in("linh").status_code == 422
    assert held.browser().sign_in("linh", OTHER_PASSWORD).status_code == 303


def test_what_cannot_be_a_new_password_is_told_beside_the_field(held: Doors) -> None:
    tab = held.entered("linh")
    assert change(tab, current="wrong") == 422
    assert change(tab, new="short") == 422
    assert change(tab, new="linh@example.org") == 422
    assert change(tab, again="five loud dogs bar") == 422
    page = tab.post(f"{EN}/password", current=PASSWORD, password="short", again="short").text
    assert 'href="#password">Use at least 12 characters' in page
    assert 'aria-describedby="password-hint password-wrong1" aria-invalid="true"' in page
    assert "short" not in page.partition("<main")[2].replace("short ", "")


def test_guessing_the_password_of_an_open_browser_is_slowed_down(held: Doors) -> None:
    tab = held.entered("linh")
    held.wait(minutes=2)
    assert [change(tab, current="wrong") for _ in range(6)] == [422] * 5 + [429]


def test_one_sees_ones_sign_ins_and_ends_them(held: Doors) -> None:
    other, third, tab = held.entered("linh"), held.entered("linh"), held.entered("linh")
    page = tab.get(f"{EN}/").text
    assert page.count("/end") == 3
    known = other.who()
    assert known is not None
    assert tab.post(f"{EN}/sign-ins/{known.sign_in}/end", page=f"{EN}/").status_code == 303
    assert other.who() is None
    assert third.who()
    assert tab.post(f"{EN}/sign-ins/end-others", page=f"{EN}/").status_code == 303
    assert third.who() is None
    assert tab.who()


def test_nobody_ends_another_persons_sign_in(held: Doors) -> None:
    held.person("sok")
    mine, theirs = held.entered("linh"), held.entered("sok")
    known = theirs.who()
    assert known is not None
    answer = mine.post(f"{EN}/sign-ins/{known.sign_in}/end", page=f"{EN}/")
    assert answer.status_code == 404
    assert theirs.who()


def test_a_role_shows_with_a_link_to_its_desk(held: Doors) -> None:
    with db.transaction(held.engine) as session:
        linh = accounts.named(session, "linh@example.org").id
        memberships.grant(session, "alpha", linh, "case_officer", None, held.act())
    page = held.entered("linh").get(f"{EN}/").text
    assert 'href="/alpha/staff/"' in page
    assert "Case officer" in page


def test_the_language_of_a_person_is_kept(held: Doors) -> None:
    tab = held.entered("linh")
    assert tab.post(f"{EN}/language", page=f"{EN}/", language="km").location == "/account/km/"
    assert tab.post(f"{EN}/language", page=f"{EN}/", language="xx").status_code == 422
    with db.reading(held.engine) as session:
        assert accounts.named(session, "linh@example.org").language == "km"


def test_a_sign_in_deleted_during_a_request_is_not_written_back(held: Doors) -> None:
    tab = held.entered("linh")
    held.wait(minutes=5)
    hasher = held.hasher
    matches = hasher.matches

    def slow(hashed: str, password: str) -> bool:
        with db.transaction(held.engine) as session:
            accounts.disable(session, accounts.named(session, "linh@example.org").id, held.act())
        return matches(hashed, password)

    hasher.matches = slow  # type: ignore[method-assign]  # the real one, with a wait before it
    assert change(tab) in (404, 422)
    with db.reading(held.engine) as session:
        assert session.exec(select(SignIn)).all() == []


def test_whoever_cannot_sign_in_reads_whom_to_ask(held: Doors) -> None:
    assert "secretariat" in held.browser().get(f"{EN}/forgotten").text
