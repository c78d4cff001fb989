"""Where a sign-in goes on: at the page that was wanted, and never on another host."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.web import doors
from tests.web.doors import EN, PASSWORD, Doors
from tests.web.serving import stop

SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ELSEWHERE = "https://evil.example/"
HOSTILE = [
    ELSEWHERE,
    "http:evil.example",
    "https:/evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x00//evil.example",
    " //evil.example",
    "/ /evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/\u2028/evil.example",
    "ftp://evil.example",
    "https://localhost@evil.example",
    "/\r\nLocation: https://evil.example",
    "/" + "x" * 3000,
]


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Doors]:
    found = doors.doors(engine, tmp_path)
    found.person("linh")
    yield found
    stop(found.app)


@SQLITE
def test_nobody_is_led_to_another_host(held: Doors) -> None:
    for number, target in enumerate(HOSTILE):
        assert led(held, f"198.51.100.{number}", target) == f"{EN}/", target


@SQLITE
@pytest.mark.parametrize("target", ["/alpha/staff/", "/alpha/staff/people?x=1&y=%2F", f"{EN}/"])
def test_one_goes_on_where_one_wanted_to(held: Doors, target: str) -> None:
    assert led(held, "192.0.2.1", target) == target


def led(held: Doors, address: str, target: str) -> str:
    """Where a sign-in with `next` ends."""
    tab = held.browser(address)
    page = tab.client.get(f"{EN}/sign-in", query_string={"next": target})
    action = page.text.partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    assert ELSEWHERE not in page.text
    answer = tab.post(action, email="linh@example.org", password=PASSWORD)
    assert answer.location == f"{EN}/code"
    held.wait(minutes=5)
    answer = tab.post(f"{EN}/code", code=held.code("linh"))
    again = tab.client.get(f"{EN}/sign-in", query_string={"next": target})
    assert again.location in (target, f"{EN}/")
    return str(answer.location)


def test_a_page_for_people_leads_to_the_door_and_back(held: Doors) -> None:
    tab = held.browser()
    door = tab.get(f"{EN}/password").location
    assert door == f"{EN}/sign-in?next=%2Faccount%2Fen%2Fpassword"
    tab.post(door, email="linh@example.org", password=PASSWORD)
    assert tab.post(f"{EN}/code", code=held.code("linh")).location == f"{EN}/password"
