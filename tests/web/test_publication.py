"""From the hearing to the edition on the pages: two persons, each proving who they are anew."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rankings import db, publishing
from rankings.adapters.passwords import Hasher
from rankings.app import create_app
from rankings.usecases import candidates, cycles, memberships
from tests import publication
from tests.usecases import world
from tests.web import small
from tests.web.doors import EN, PASSWORD, Doors, Tab
from tests.web.serving import stop
from tests.web.small import CODE

CYCLE = f"/{CODE}/staff/cycles/2026/publication"
DIGEST = re.compile(r'name="seen" value="([0-9a-f]{64})"')
ORDER = publishing.Order(CODE, "2026")

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Doors]:
    found = secretariat(engine, tmp_path)
    yield found
    stop(found.app)


def secretariat(engine: Engine, tmp_path: Path) -> Doors:
    """Four agencies after the cut-off day, and two members of the secretariat."""
    app = create_app(small.settings(engine, tmp_path))
    app.extensions["hasher"] = Hasher(kibibytes=8, passes=1, lanes=1)
    found = Doors(app, engine, world.NOW)
    app.extensions["clock"] = lambda: found.now
    with db.transaction(engine) as session:
        cycle = small.opened(session)
        small.save(session, cycle, small.usual())
        small.sent(session, cycle, len(small.NAMES))
        publication.no_thresholds(session, CODE, found.act())
    for name in ("writer", "other"):
        account = found.person(name).id
        with db.transaction(engine) as session:
            memberships.grant(session, CODE, account, "secretariat", None, found.act())
    return found


def seen(tab: Tab) -> str:
    """The digest of the candidate on the page."""
    found = DIGEST.search(tab.get(f"{CYCLE}/").text)
    return found[1] if found else ""


def heard(held: Doors) -> None:
    """The hearing is opened, everybody gets a letter, and the clocks run out."""
    writer = held.entered("writer")
    assert writer.post(f"{CYCLE}/hearing", page=f"{CYCLE}/").status_code == 422
    answer = writer.post(f"{CYCLE}/hearing", page=f"{CYCLE}/", confirmed="yes")
    assert answer.status_code == 303
    notices = f"{CYCLE}/hearing/"
    codes = re.findall(r'action="[^"]*/hearing/(VN-\d+)"', writer.get(notices).text)
    assert len(codes) == len(small.NAMES)
    for code in codes:
        letter = writer.post(f"{notices}{code}", page=notices, day=held.now.date().isoformat())
        assert letter.status_code == 303
    assert "A gate blocks" in writer.get(f"{CYCLE}/").text
    held.wait(days=20)


def prove(held: Doors, tab: Tab, name: str) -> None:
    """A wrong password is refused, the right one with the code of the moment leads back."""
    held.wait(seconds=30)
    path = f"{EN}/prove?next={CYCLE}/"
    wrong = tab.post(path, current="not this one", code=held.code(name))
    assert (wrong.status_code, "This is not your password" in wrong.text) == (422, True)
    right = tab.post(path, current=PASSWORD, code=held.code(name))
    assert (right.status_code, right.headers["Location"]) == (303, f"{CYCLE}/")


def test_two_persons_bring_a_candidate_to_the_public(held: Doors) -> None:
    heard(held)
    writer = held.entered("writer")
    held.wait(minutes=11)
    asked = writer.post(f"{CYCLE}/prepare", page=f"{CYCLE}/", seen=seen(writer))
    assert asked.status_code == 303
    assert asked.headers["Location"].startswith(f"{EN}/prove?")
    prove(held, writer, "writer")
    assert writer.post(f"{CYCLE}/prepare", page=f"{CYCLE}/", seen=seen(writer)).status_code == 303
    assert "Somebody else must approve it" in writer.get(f"{CYCLE}/").text
    digest = digest_of(held)
    alone = writer.post(f"{CYCLE}/approve", page=f"{CYCLE}/", seen=digest)
    assert (alone.status_code, "somebody else must" in alone.text) == (403, True)
    other = held.entered("other")
    stale = other.post(f"{CYCLE}/approve", page=f"{CYCLE}/", seen="0" * 64)
    assert (stale.status_code, "look at it again" in stale.text) == (409, True)
    assert other.post(f"{CYCLE}/approve", page=f"{CYCLE}/", seen=seen(other)).status_code == 303
    assert "It will be published" in other.get(f"{CYCLE}/").text
    known = held.app.extensions["settings"]
    publishing.publish(held.engine, known, ORDER, held.act())
    assert held.browser().get(f"/{CODE}/en/").status_code == 200


def test_what_is_sent_back_is_void_and_says_why(held: Doors) -> None:
    heard(held)
    writer, other = held.entered("writer"), held.entered("other")
    assert writer.post(f"{CYCLE}/prepare", page=f"{CYCLE}/", seen=seen(writer)).status_code == 303
    empty = other.post(f"{CYCLE}/send-back", page=f"{CYCLE}/", because=" ")
    assert (empty.status_code, "Say why" in empty.text) == (422, True)
    why = "The second agency was heard under its old name."
    answer = other.post(f"{CYCLE}/send-back", page=f"{CYCLE}/", because=why)
    assert answer.status_code == 303
    page = writer.get(f"{CYCLE}/").text
    assert why in page
    assert "Nothing has been scored yet" in page


def test_an_edition_is_withdrawn_by_two_persons_under_a_banner(held: Doors) -> None:
    known = held.app.extensions["settings"]
    order = publication.Order(CODE, "2026")
    edition = publication.publish(held.engine, known, order, held.act())
    page = f"/{CODE}/staff/editions/"
    why = "The complaints of another cycle were counted."
    writer = held.entered("writer")
    short = writer.post(f"{page}{edition.id}/withdraw", page=page, because="wrong")
    assert (short.status_code, "characters" in short.text) == (422, True)
    asked = writer.post(f"{page}{edition.id}/withdraw", page=page, because=why)
    assert asked.status_code == 303
    alone = writer.post(f"{page}{edition.id}/approve-withdrawal", page=page)
    assert alone.status_code == 403
    other = held.entered("other")
    both = other.post(f"{page}{edition.id}/approve-withdrawal", page=page)
    assert both.status_code == 303
    public = held.app.extensions["shelf"]
    public._due = 0.0
    for path in (f"/{CODE}/en/", f"/{CODE}/en/agencies/{small.FIRST}"):
        shown = held.browser().get(path)
        assert (shown.status_code, why in shown.text) == (200, True)


def digest_of(held: Doors) -> str:
    """The digest of the candidate that stands, as the database has it."""
    with db.reading(held.engine) as session:
        return candidates.find(session, cycles.find(session, CODE, "2026")).digest
