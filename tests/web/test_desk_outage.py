"""When the database is away, desk pages say so and when to come back; no trace, nothing lost."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from rankings.app import create_app
from rankings.settings import Settings
from rankings.web.access import TOKEN
from tests.web import members
from tests.web.members import Members
from tests.web.serving import stop

# Nobody listens there.
AWAY = "postgresql+psycopg://nobody@127.0.0.1:9/none"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_desk_page_without_its_database_is_503(tmp_path: Path, method: str) -> None:
    app = create_app(Settings.demonstration(tmp_path))
    app.extensions["engine"] = create_engine(AWAY)
    held = Members(app, app.extensions["engine"])
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN], cookie["csrf_token"] = "any token", members.RAW
    data = {"csrf_token": held.token} if method == "POST" else None
    answer = client.open(members.address("check"), method=method, data=data)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Traceback" not in answer.text
    assert "127.0.0.1:9" not in answer.text
    stop(app)
