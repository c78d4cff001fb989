"""Corrections: a second edition of a cycle says why, the first one stays and says it is old."""

import pytest
from flask.testing import FlaskClient

from tests.web.asking import current, seen, there
from tests.web.conftest import Start
from tests.web.names import LANGUAGES, download
from tests.web.small import CODE, FIRST, Small, earlier, row

pytestmark = pytest.mark.usefixtures("always")

REASON = "Một cái tên đã sai."


def edition(language: str, number: int, cycle: str = "2026") -> str:
    return f"/{CODE}/{language}/rankings/{cycle}/editions/{number}"


@pytest.fixture
def corrected(alpha: Small, start: Start) -> FlaskClient:
    """The name of the first agency was wrong; seen before and after."""
    alpha.publish()
    client = start(alpha.settings)
    there(client, f"/{CODE}/en/")
    alpha.register(row(1, name_vi=("Ví Dụ Đúng", None)), later=1)
    alpha.publish(REASON, later=1)
    return client


def test_a_correction_is_what_is_shown(corrected: FlaskClient) -> None:
    ranking = seen(corrected, f"/{CODE}/en/")
    assert "Ví Dụ Đúng" in ranking.text
    assert "Ví Dụ Một" not in ranking.text
    links = [str(link.attributes["href"]) for link in ranking.all("a")]
    assert edition("en", 2) in links
    page = seen(corrected, f"/{CODE}/en/agencies/{FIRST}")
    assert page.one("h1").text == "Ví Dụ Đúng"
    assert "Until July 2, 2026 its name was Ví Dụ Một." in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_page_says_why(corrected: FlaskClient, language: str) -> None:
    page = seen(corrected, edition(language, 2))
    assert REASON in page.one("main").text
    assert page.all("p", "limit") == []
    if language == "en":
        sentence = f"This edition corrects the one before. The reason: {REASON}"
        assert sentence in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_edition_stays_and_says_that_it_is_old(
    corrected: FlaskClient, language: str
) -> None:
    page = seen(corrected, edition(language, 1))
    assert len(page.all("p", "limit")) == 1
    links = [str(link.attributes["href"]) for link in page.all("a")]
    assert edition(language, 2) in links
    assert REASON in page.all("li")[-1].text


def test_files_of_both_stay_where_they_were(corrected: FlaskClient) -> None:
    old, new = (
        there(corrected, download(CODE, "ranking.csv", number=number)).data.decode()
        for number in (1, 2)
    )
    assert ("Ví Dụ Một" in old, "Ví Dụ Đúng" in old) == (True, False)
    assert ("Ví Dụ Một" in new, "Ví Dụ Đúng" in new) == (False, True)
    answer = there(corrected, download(CODE, "edition.zip", number=2))
    assert f"filename={CODE}-2026-2-edition.zip" in answer.headers["Content-Disposition"]


def test_the_newest_cycle_is_current(alpha: Small, start: Start) -> None:
    earlier(alpha)
    alpha.publish(cycle="2025")
    client = start(alpha.settings)
    assert "Rated as of June 30, 2025." in seen(client, f"/{CODE}/en/").text
    alpha.publish(later=1)
    assert "Rated as of June 30, 2026." in seen(client, f"/{CODE}/en/").text
    assert len(seen(client, edition("en", 1, "2025")).all("p", "limit")) == 1


def test_a_correction_of_an_older_cycle_leaves_the_newer_one_current(
    alpha: Small, start: Start
) -> None:
    earlier(alpha)
    alpha.publish(cycle="2025")
    alpha.publish(later=1)
    client = start(alpha.settings)
    alpha.publish(REASON, later=2, cycle="2025")
    assert REASON in seen(client, edition("en", 2, "2025")).text
    assert current(client.application, CODE).bundle.manifest["cycle"]["slug"] == "2026"
    assert seen(client, edition("en", 1)).all("p", "limit") == []
