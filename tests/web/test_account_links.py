"""Links that are handed over: invitations and resets, the platform's page, people and roles."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rankings import db
from rankings.models import Account
from rankings.usecases import accounts, invitations, memberships
from tests.usecases import world
from tests.web import doors
from tests.web.doors import EN, OTHER_PASSWORD, Doors, Tab, bare, link_on
from tests.web.serving import stop

PEOPLE = "/alpha/staff/people"
NEW = {"name": "Linh Nguyễn", "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Doors]:
    found = doors.doors(engine, tmp_path)
    grant(found, found.person("chief"), "secretariat")
    found.person("op", is_operator=True)
    yield found
    stop(found.app)


def grant(held: Doors, whom: Account, role: str, agency: str | None = None) -> None:
    with db.transaction(held.engine) as session:
        memberships.grant(session, "alpha", whom.id, role, agency, held.act())


def invite(tab: Tab, name: str = "linh", role: str = "auditor", agency: str = "") -> str:
    """The path of an invitation that the secretariat made."""
    fields = {"email": doors.email(name), "role": role, "agency": agency}
    answer = tab.post(PEOPLE, **fields)
    assert answer.status_code == 200
    return link_on(answer)


def roles_of(held: Doors, name: str) -> list[str]:
    with db.reading(held.engine) as session:
        whom = accounts.named(session, doors.email(name))
        return [one.role for one in memberships.of(session, "alpha", whom.id)]


def test_somebody_new_takes_an_invitation_and_sets_up_the_second_factor(held: Doors) -> None:
    link = invite(held.entered("chief"), role="agency_signatory", agency=world.CODE)
    tab = held.browser("192.0.2.9")
    page = tab.get(link).text
    assert "linh@example.org is invited as: Signatory of an agency" in page
    assert tab.post(link, **NEW).location == f"{EN}/second-factor"
    assert tab.get("/alpha/staff/").status_code == 303
    assert roles_of(held, "linh") == ["agency_signatory"]
    assert tab.get(link).status_code == 404


def test_what_a_newcomer_enters_wrong_is_told_beside_the_field(held: Doors) -> None:
    link = invite(held.entered("chief"))
    tab = held.browser()
    answer = tab.post(link, name="", password="short", again="other")
    assert answer.status_code == 422
    for place in ("#name", "#password", "#again"):
        assert f'href="{place}"' in answer.text
    assert "well-known" in tab.post(link, **(NEW | {"password": "linh@example.org"})).text
    assert tab.post(link, **NEW).status_code == 303


def test_somebody_with_an_account_signs_in_and_gets_a_new_token_with_the_role(held: Doors) -> None:
    held.person("linh")
    link, other = invite(held.entered("chief")), held.entered("linh")
    page = held.browser().get(link).text
    assert "Sign in to accept" in page
    answer = held.browser().post(link, page=f"{EN}/sign-in", **NEW)
    assert "Sign in to accept" in answer.text
    tab = held.entered("linh")
    before = tab.token
    assert tab.post(f"{link}/join", page=link).location == f"{EN}/"
    assert tab.token != before
    assert (tab.who(before), other.who()) == (None, None)
    assert tab.get("/alpha/staff/").status_code == 200
    assert tab.post(f"{link}/join", page=f"{EN}/").status_code == 404


def test_somebody_else_cannot_take_it(held: Doors) -> None:
    held.person("sok")
    link = invite(held.entered("chief"))
    tab = held.entered("sok")
    assert "You are signed in as sok@example.org" in tab.get(link).text
    assert tab.post(f"{link}/join", page=link).status_code == 404
    assert roles_of(held, "sok") == []


def test_old_used_and_unknown_links_get_the_same_answer(held: Doors) -> None:
    chief = held.entered("chief")
    used, old = invite(chief, "linh"), invite(chief, "sok")
    assert held.browser().post(used, **NEW).status_code == 303
    unknown = used[:-3] + "xyz"
    resets = reset_answers(held)
    held.wait(days=7)
    answers = [bare(held.browser().get(link)) for link in (used, old, unknown)]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 404
    assert all(answer == resets[0] for answer in resets)


def reset_answers(held: Doors) -> list[tuple[int, str, dict[str, str]]]:
    """What links of a privileged, a disabled and no account say once they cannot be used."""
    operator = held.entered("op")
    held.person("kept-out")
    links = [reset_link(operator, name) for name in ("chief", "kept-out")]
    assert held.browser().get(links[1]).status_code == 200
    fields = {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert held.browser().post(links[0], **fields).location == f"{EN}/sign-in"
    with db.transaction(held.engine) as session:
        accounts.disable(session, accounts.named(session, "kept-out@example.org").id, held.act())
    links.append(f"{EN}/resets/unknown")
    return [bare(held.browser().get(link)) for link in links]


def reset_link(operator: Tab, name: str) -> str:
    page = f"{EN}/platform"
    return link_on(operator.post(f"{page}/reset", page=page, email=doors.email(name)))


def test_a_reset_sets_the_password_and_asks_for_a_new_second_factor(held: Doors) -> None:
    held.person("linh")
    before = held.entered("linh")
    link = reset_link(held.entered("op"), "linh")
    tab = held.browser("192.0.2.9")
    assert tab.post(link, password="short", again="short").status_code == 422
    fields = {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert tab.post(link, **fields).status_code == 303
    assert before.who() is None
    assert tab.sign_in("linh", OTHER_PASSWORD).status_code == 303
    assert tab.get(f"{EN}/code").location == f"{EN}/second-factor"
    assert tab.get(link).status_code == 404


def test_a_secretariat_makes_no_reset_links(held: Doors) -> None:
    chief = held.entered("chief")
    assert chief.get(f"{EN}/platform").status_code == 403
    answer = chief.post(f"{EN}/platform/reset", page=f"{EN}/", email="op@example.org")
    assert answer.status_code == 403


def test_an_operator_invites_the_first_secretariat(held: Doors) -> None:
    operator, page = held.entered("op"), f"{EN}/platform"
    fields = {"email": "first@example.org", "association": "alpha"}
    link = link_on(operator.post(f"{page}/invite", page=page, **fields))
    assert held.browser().post(link, **NEW).status_code == 303
    assert roles_of(held, "first") == ["secretariat"]
    wrong = operator.post(f"{page}/invite", page=page, email="x", association="alpha")
    assert wrong.status_code == 422
    unknown = operator.post(f"{page}/invite", page=page, email="a@x.org", association="beta")
    assert unknown.status_code == 404
    nobody = operator.post(f"{page}/reset", page=page, email="nobody@example.org")
    assert "no account with this email" in nobody.text


def test_an_operator_keeps_somebody_out_and_lets_them_in_again(held: Doors) -> None:
    linh, page = held.person("linh"), f"{EN}/platform"
    tab, operator = held.entered("linh"), held.entered("op")
    assert operator.post(f"{page}/accounts/{linh.id}/disable", page=page).status_code == 303
    assert tab.get(f"{EN}/").status_code == 303
    assert "Disabled" in operator.get(page).text
    assert operator.post(f"{page}/accounts/{linh.id}/enable", page=page).status_code == 303
    held.wait(minutes=1)
    assert held.entered("linh").who()


def test_the_secretariat_sees_people_and_ends_roles(held: Doors) -> None:
    grant(held, held.person("linh"), "agency_member", world.CODE)
    chief, linh = held.entered("chief"), held.entered("linh")
    page = chief.get(PEOPLE).text
    assert f"Member of an agency, {world.CODE}" in page
    (mine, theirs) = re.findall(r"/people/([0-9a-f-]{36})/end", page)
    assert chief.post(f"{PEOPLE}/{mine}/end", page=PEOPLE).status_code == 409
    assert chief.post(f"{PEOPLE}/{theirs}/end", page=PEOPLE).status_code == 303
    assert linh.get("/alpha/staff/").status_code == 303
    assert roles_of(held, "linh") == []


def test_an_invitation_that_is_withdrawn_is_good_for_nothing(held: Doors) -> None:
    chief = held.entered("chief")
    link = invite(chief)
    (number,) = re.findall(r"/invitations/([0-9a-f-]{36})/withdraw", chief.get(PEOPLE).text)
    path = f"/alpha/staff/invitations/{number}/withdraw"
    assert chief.post(path, page=PEOPLE).status_code == 303
    assert held.browser().get(link).status_code == 404


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"email": "x", "role": "auditor", "agency": ""}, "email"),
        ({"email": "a@x.org", "role": "king", "agency": ""}, "role"),
        ({"email": "a@x.org", "role": "operator", "agency": ""}, "role"),
        ({"email": "a@x.org", "role": "auditor", "agency": world.CODE}, "agency"),
        ({"email": "a@x.org", "role": "agency_member", "agency": ""}, "agency"),
        ({"email": "a@x.org", "role": "agency_member", "agency": "VN-99999"}, "agency"),
    ],
)
def test_a_wrong_invitation_is_told_beside_the_field(
    held: Doors, fields: dict[str, str], place: str
) -> None:
    answer = held.entered("chief").post(PEOPLE, **fields)
    assert answer.status_code == 422
    assert f'href="#{place}"' in answer.text
    with db.reading(held.engine) as session:
        assert invitations.opened(session, "alpha", held.now) == []
