"""Faults of the machine itself: a copy that rots while it is open, a race, a full disk."""

from pathlib import Path
from threading import Event, Thread

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.web.asking import shelf, there
from tests.web.conftest import Start
from tests.web.small import CODE, Small

pytestmark = pytest.mark.usefixtures("always")

FILES = "/alpha/rankings/2026/editions/1"
WHOLE = f"{FILES}/edition.zip"
SHOWN = ("/alpha/vi/method", "/alpha/vi/", f"{FILES}/ranking.xlsx")


def copy_of(alpha: Small) -> Path:
    (copy,) = (alpha.settings.data / "editions" / CODE).glob("*.zip")
    return copy


def rot(file: Path, whole: bytes, at: int) -> None:
    """One byte changes in the very file that the application has open."""
    with file.open("r+b") as out:
        out.write(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


def forget(client: FlaskClient) -> None:
    """As if other parts had filled the cache."""
    shelf(client.application)._parts.clear()


@pytest.mark.parametrize("path", [WHOLE, *SHOWN])
def test_a_copy_that_changes_while_it_is_open_is_never_shown(
    alpha: Small, start: Start, path: str
) -> None:
    alpha.publish()
    client = start(alpha.settings)
    before = there(client, path).data
    copy = copy_of(alpha)
    whole = copy.read_bytes()
    for at in range(0, len(whole), len(whole) // 20):
        rot(copy, whole, at)
        forget(client)
        answer = client.get(path, buffered=True)
        assert answer.status_code != 200 or answer.data == before, at


def test_a_copy_that_changes_while_it_is_open_is_fetched_again(alpha: Small, start: Start) -> None:
    alpha.publish()
    client = start(alpha.settings)
    before = [there(client, path).data for path in SHOWN]
    copy = copy_of(alpha)
    whole = copy.read_bytes()
    copy.write_bytes(bytes(len(whole)))
    forget(client)
    assert [there(client, path).data for path in SHOWN] == before
    assert copy.read_bytes() == whole


def test_two_first_readers_at_once_both_see_the_page(alpha: Small, start: Start) -> None:
    alpha.publish()
    application = start(alpha.elsewhere("fresh")).application
    began, go_on = Event(), Event()

    def slow(*_: object) -> None:
        began.set()
        assert go_on.wait(10)

    event.listen(application.extensions["engine"], "before_cursor_execute", slow)
    found: dict[str, int] = {}

    def read(name: str) -> None:
        found[name] = application.test_client().get("/alpha/vi/").status_code

    first, second = (Thread(target=read, args=[name]) for name in ("first", "second"))
    first.start()
    assert began.wait(10)
    second.start()
    second.join(1)
    go_on.set()
    for one in (first, second):
        one.join(10)
    assert found == {"first": 200, "second": 200}


def test_a_disk_that_takes_nothing_more_stops_no_reader(alpha: Small, start: Start) -> None:
    alpha.publish()
    client = start(alpha.settings)
    before = there(client, "/alpha/vi/").data
    notice = alpha.settings.data / "editions" / CODE / "notice.json"
    notice.unlink()
    notice.mkdir()  # nothing can be put in its place, as on a full disk
    alpha.notice(later=1)
    assert [client.get("/alpha/vi/").data for _ in range(3)] == [before] * 3
    assert len(list(notice.parent.iterdir())) == 2


def test_what_another_machine_was_writing_is_no_notice(alpha: Small, start: Start) -> None:
    alpha.publish()
    before = there(start(alpha.settings), "/alpha/vi/").data
    place = alpha.settings.data / "editions" / CODE
    (place / ".notice.json.1.half").write_bytes(b"{")
    (place / "notice.json").write_bytes(b"{")
    assert there(start(alpha.settings), "/alpha/vi/").data == before
