"""Publishing: all or nothing, also when the process is killed at any of its steps."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db, publishing
from rankings.adapters import signature
from rankings.adapters.bundle import Bundle
from rankings.errors import Conflict, NotFound
from rankings.models import EditionBundle, Notice, RankingEdition
from rankings.settings import Settings
from rankings.usecases import editions
from tests import publication
from tests.usecases import world

ROOT = Path(__file__).resolve().parents[1]
ORDER = publication.Order("alpha", "2026")
CORRECTION = publication.Order("alpha", "2026", "A name was wrong.")
STEPS = (
    "reading the cycle",
    "scoring the agencies",
    "making the files",
    "signing",
    "storing the edition",
    "issuing the notice",
    "keeping it all",
)
# Publishes what is approved and kills itself when the named step is announced.
KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from rankings import db, publishing
from rankings.settings import Settings
from rankings.usecases.journal import SCHEDULE, Act

url, folder, step, now = sys.argv[1:]
data, keys, evidence = (Path(folder) / name for name in ("data", "keys", "evidence"))
settings = Settings("secret", url, data, keys, "http://x", evidence)

def said(name):
    if name == step:
        os.kill(os.getpid(), signal.SIGKILL)

order = publishing.Order("alpha", "2026")
act = Act(SCHEDULE, datetime.fromisoformat(now))
publishing.publish(db.connect(url), settings, order, act, said)
"""


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    """The worked example's association with its key, ready to publish."""
    url = engine.url.render_as_string(hide_password=False)
    data, keys, evidence = tmp_path / "data", tmp_path / "keys", tmp_path / "evidence"
    settings = Settings("secret", url, data, keys, "http://x", evidence)
    signature.make(settings.keys, "alpha", b"a" * 32)
    with db.transaction(engine) as session:
        world.fill(session, world.cycle(session))
    return settings


def stored(engine: Engine) -> tuple[list[int], list[int]]:
    """The numbers of editions with their bundle, and of notices."""
    with db.reading(engine) as session:
        held = session.exec(
            select(RankingEdition.number).join(
                EditionBundle,
                EditionBundle.edition == RankingEdition.id,  # type: ignore[arg-type]
            )
        )
        return sorted(held), sorted(session.exec(select(Notice.number)))


def bundle(engine: Engine, settings: Settings, number: int, folder: Path) -> Bundle:
    with db.reading(engine) as session:
        sha256 = editions.digest_of(session, "alpha", "2026", number)
        body = editions.bundle(session, "alpha", sha256)
    file = folder / f"{number}.zip"
    file.write_bytes(body)
    return Bundle(file, signature.public(settings.keys, "alpha"))


def test_an_edition_says_its_steps_and_is_there_with_its_notice(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    said: list[str] = []
    edition = publication.publish(engine, settings, ORDER, world.act(), said.append)
    assert tuple(said) == STEPS
    assert stored(engine) == ([1], [1])
    held = bundle(engine, settings, 1, tmp_path)
    assert held.digest == edition.digest
    (entry,) = held.part("ranking")["entries"]
    assert (entry["score"], entry["band"], entry["rank"]) == (577, "3", 1)
    assert [one.name for one in settings.data.iterdir()] == ["journal"]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_leaves_the_former_edition_and_the_next_run_completes(
    engine: Engine, settings: Settings, tmp_path: Path, step: str
) -> None:
    first = publication.publish(engine, settings, ORDER, world.act())
    later = world.NOW + timedelta(days=1)
    publication.approved(engine, settings, CORRECTION, world.act(later))
    arguments = [settings.database_url, tmp_path, step, later.isoformat()]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *map(str, arguments)],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr
    assert stored(engine) == ([1], [1])
    assert bundle(engine, settings, 1, tmp_path).digest == first.digest
    second = publishing.publish(engine, settings, CORRECTION.of_cycle, world.act(later))
    assert stored(engine) == ([1, 2], [1, 2])
    held = bundle(engine, settings, 2, tmp_path)
    assert held.manifest["previous"] == first.digest
    assert held.digest == second.digest


def test_what_a_killed_publication_left_is_swept_a_day_later(
    engine: Engine, settings: Settings
) -> None:
    settings.data.mkdir()
    old, young = (settings.data / f"{publishing.UNFINISHED}{name}" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, 0))
    publication.publish(engine, settings, ORDER, world.act())
    assert (old.exists(), young.exists()) == (False, True)


def test_without_a_key_nothing_is_published(engine: Engine, settings: Settings) -> None:
    signature.private_file(settings.keys, "alpha").unlink()
    with pytest.raises(NotFound, match=r"alpha\.private\.pem"):
        publication.publish(engine, settings, ORDER, world.act())
    assert stored(engine) == ([], [])


def test_a_correction_without_a_reason_leaves_nothing(engine: Engine, settings: Settings) -> None:
    publication.publish(engine, settings, ORDER, world.act())
    with pytest.raises(Conflict, match="says why"):
        publication.publish(engine, settings, ORDER, world.act())
    assert stored(engine) == ([1], [1])


def test_of_two_at_once_one_publishes(engine: Engine, settings: Settings) -> None:
    publication.approved(engine, settings, ORDER, world.act())
    code = KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "pass")
    arguments = [settings.database_url, str(settings.data.parent), "", world.NOW.isoformat()]
    both = [
        subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for one in both:
        one.communicate(timeout=60)
    assert sorted(one.returncode for one in both) == [0, 1]
    assert stored(engine) == ([1], [1])


def test_a_notice_alone_says_what_holds_today(engine: Engine, settings: Settings) -> None:
    assert publishing.issue_notice(engine, settings, "alpha", world.act()) == 1
    publication.publish(engine, settings, ORDER, world.act())
    assert publishing.issue_notice(engine, settings, "alpha", world.act()) == 3
    assert stored(engine) == ([1], [1, 2, 3])
