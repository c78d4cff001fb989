"""The journal's page: the association's own entries, the newest first, for those who watch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rankings import journaling
from rankings.usecases import journal
from tests.web import members
from tests.web.members import CANARY, OURS, Members
from tests.web.serving import stop

PAGE = f"/{OURS}/staff/journal"


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Members]:
    """Two associations with people, and what they did sealed."""
    made = members.members(engine, tmp_path)
    for association in (OURS, members.THEIRS):
        journaling.seal(engine, tmp_path / "data", association, thorough=True)
    yield made
    stop(made.app)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["secretariat", "regulator"])
def test_who_watches_sees_who_did_what_in_this_association(held: Members, who: str) -> None:
    page = held.client(who).get(PAGE)
    assert page.status_code == 200
    for words in ("opened a cycle", "saved an answer", "Command line", "agency_member"):
        assert words in page.text
    assert CANARY not in page.text


def test_what_is_refused_on_the_web_stands_at_the_top(held: Members) -> None:
    assert held.client("auditor").get(PAGE).status_code == 403
    page = held.client("secretariat").get(PAGE).text
    first = page[page.index("<tbody>") :].partition("</tr>")[0]
    assert "was refused" in first
    assert "auditor" in first
    assert "GET journal.show" in first


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_fifty_entries_stand_on_a_page_and_others_on_the_next(held: Members) -> None:
    act = journal.Act(journal.NOBODY, held.now)
    for number in range(50):
        data = held.app.extensions["settings"].data
        journaling.note(held.engine, data, OURS, act, "was refused", f"X {number}")
    client = held.client("secretariat")
    assert client.get(PAGE).text.count("<tr>") == 51
    assert "opened a cycle" not in client.get(PAGE).text
    assert "opened a cycle" in client.get(f"{PAGE}?page=2").text
    for other in (0, -1, 3):
        assert client.get(f"{PAGE}?page={other}").status_code == 404
