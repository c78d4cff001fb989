"""The pages of a candidate are the very pages of the edition that comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rankings import db, publishing
from rankings.app import create_app
from rankings.usecases import journal, sign_ins
from rankings.web.access import TOKEN
from tests import publication
from tests.web import small
from tests.web.names import LANGUAGES
from tests.web.serving import stop
from tests.web.small import CODE, FIRST, LAST, Small

ORDER = publication.Order(CODE, "2026")
EDITION = "rankings/2026/editions/1"
# The pages, and what they are called in public.
PAGES = {
    "ranking": "",
    f"agencies/{FIRST}": f"agencies/{FIRST}",
    f"agencies/{LAST}": f"agencies/{LAST}",
    f"agencies/{FIRST}/receipt": f"agencies/{FIRST}/receipt",
    f"compare?agency={FIRST}": f"compare?agency={FIRST}",
    "method": "method",
    "method/ranges": "method/ranges",
    "method/sensitivity": "method/sensitivity",
    "association": "association",
    EDITION: EDITION,
}
FILES = ("ranking.xlsx", "ranking.csv", "criteria.csv", "complaints.csv")
BANNER = re.compile(r'<aside class="demo">.*?</aside>\n?')
# Of the signed file.
SIGNED = re.compile(r"[0-9a-f]{64}|\d+.kB")
LINK = re.compile(r'(?:href|action)="([^"]+)"')


@dataclass
class Site:
    """A candidate that two persons stand for, and one of these persons."""

    small: Small
    client: FlaskClient

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return str(answer.get_data(as_text=True))


@pytest.fixture(scope="module")
def site(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("preview")
    file = folder / "db.sqlite"
    file.write_bytes(migrated_file.read_bytes())
    held = small.prepared(db.connect(f"sqlite:///{file}"), folder)
    act = journal.Act(journal.OPERATOR, small.after(1))
    publication.approved(held.engine, held.settings, ORDER, act)
    app = create_app(held.settings)
    app.extensions["clock"] = lambda: act.now
    made = Site(held, app.test_client())
    with db.transaction(held.engine) as session:
        me = journal.Act(str(publication.PREPARER), act.now)
        half = sign_ins.begin(session, publication.PREPARER, "a browser", me)
        token = sign_ins.verify(session, half, me)
    with made.client.session_transaction() as cookie:
        cookie[TOKEN] = token
    yield made
    stop(app)
    held.engine.dispose()


def inside(language: str, rest: str) -> str:
    return f"/{CODE}/{language}/candidate/2026/{rest}"


def test_every_link_to_its_own_pages_stays_in_the_preview(site: Site) -> None:
    for rest in PAGES:
        page = site.get(inside("en", rest))
        assert BANNER.search(page)
        links = {one for one in LINK.findall(page) if one.startswith(f"/{CODE}/en/")}
        own = {one for one in links if one.startswith(inside("en", ""))}
        assert own
        left = {one.removeprefix(f"/{CODE}/en/").partition("/")[0] for one in links - own}
        assert left <= {"help"}, (rest, links - own)
        for one in own:
            assert site.client.get(one.partition("#")[0]).status_code == 200, one


def test_nobody_else_reads_it(site: Site) -> None:
    stranger = site.client.application.test_client()
    for rest in (*PAGES, "files/ranking.xlsx"):
        assert stranger.get(inside("en", rest)).status_code in {303, 401, 403}
    assert stranger.get(f"/{CODE}/en/agencies/{FIRST}").status_code == 404


@pytest.mark.parametrize("rest", ["nothing", "agencies/VN-99999", "files/x", "help/", "staff/"])
def test_what_is_no_page_of_an_edition_is_no_page_of_a_candidate(site: Site, rest: str) -> None:
    assert site.client.get(inside("en", rest)).status_code == 404


def test_published_they_are_the_same_in_every_language_and_byte_for_byte(site: Site) -> None:
    """Runs last: it publishes."""
    before = {
        (language, public): plain(site.get(inside(language, rest)))
        for language in LANGUAGES
        for rest, public in PAGES.items()
    }
    files = {name: site.client.get(inside("en", f"files/{name}")).data for name in FILES}
    act = journal.Act(journal.SCHEDULE, small.after(1))
    publishing.publish(site.small.engine, site.small.settings, ORDER.of_cycle, act)
    site.client.application.extensions["shelf"].close()
    app = create_app(site.small.elsewhere("elsewhere"))
    app.extensions["clock"] = lambda: act.now
    reader = app.test_client()
    for (language, public), page in before.items():
        after = reader.get(f"/{CODE}/{language}/{public}").get_data(as_text=True)
        assert masked(page, public) == masked(after, public), (language, public)
    for name, body in files.items():
        assert reader.get(f"/{CODE}/{EDITION}/{name}").data == body
    stop(app)


def plain(page: str) -> str:
    """Without the banner, with the addresses that the public pages have."""
    page = BANNER.sub("", page)
    for one in LANGUAGES:
        start = inside(one, "")
        page = page.replace(f"{start}files/", f"/{CODE}/{EDITION}/")
        page = page.replace(f'{start}ranking"', f'/{CODE}/{one}/"')
        page = page.replace(start, f"/{CODE}/{one}/")
    return page


def masked(page: str, public: str) -> str:
    """What only the signed file has is not there before: its digest and its size."""
    return SIGNED.sub("…", page) if public == EDITION else page
