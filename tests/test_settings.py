"""Settings: everything missing is named at once, nothing is guessed."""

from pathlib import Path

import pytest

from rankings.errors import Invalid
from rankings.settings import MEANINGS, MissingSettings, Settings

COMPLETE = {
    "RANKINGS_SECRET_KEY": "secret",
    "RANKINGS_DATABASE_URL": "sqlite:///db.sqlite",
    "RANKINGS_DATA": "data",
    "RANKINGS_KEYS": "keys",
    "RANKINGS_BASE_URL": "https://ranking.example.org/",
    "RANKINGS_EVIDENCE": "evidence",
}


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_env(COMPLETE)
    assert settings == Settings(
        "secret",
        "sqlite:///db.sqlite",
        Path("data"),
        Path("keys"),
        "https://ranking.example.org",
        Path("evidence"),
    )


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(MissingSettings) as refused:
        Settings.from_env({"RANKINGS_DATA": "data", "RANKINGS_SECRET_KEY": ""})
    lines = str(refused.value).splitlines()
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        name for name in MEANINGS if name != "RANKINGS_DATA"
    ]


@pytest.mark.parametrize("name", COMPLETE)
def test_no_setting_has_a_default(name: str) -> None:
    given = {key: value for key, value in COMPLETE.items() if key != name}
    with pytest.raises(MissingSettings, match=name):
        Settings.from_env(given)


def test_a_demonstration_needs_no_setting(tmp_path: Path) -> None:
    one, again = (Settings.demonstration(tmp_path) for _ in range(2))
    assert one.database_url == f"sqlite:///{tmp_path}/rankings.sqlite"
    assert one == again
    assert one.secret_key != Settings.demonstration(tmp_path / "other").secret_key


MAIL = {
    "RANKINGS_SMTP_URL": "smtp://linh:secret@mail.example.org:587?starttls=1",
    "RANKINGS_MAIL_FROM": "ranking@example.org",
}


def test_mail_needs_a_server_and_a_sender() -> None:
    assert Settings.from_env(COMPLETE).smtp_url is None
    found = Settings.from_env(COMPLETE | MAIL)
    assert (found.smtp_url, found.mail_from) == tuple(MAIL.values())
    assert "secret@" not in repr(found)


@pytest.mark.parametrize("name", MAIL)
@pytest.mark.parametrize("value", ["", "nonsense"])
def test_half_of_the_settings_for_mail_is_refused(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=name):
        Settings.from_env(COMPLETE | MAIL | {name: value})
