"""The demonstration, built once for all test processes; each works on a copy of its own."""

import fcntl
import os
import shutil
from pathlib import Path

from rankings import demo
from rankings.settings import Settings


def built() -> Path:
    """The folder of the demonstration, which nobody may open: copy it."""
    place = Path(os.environ["RANKINGS_TEST_FOLDER"]) / "demonstration"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            demo.build(place / "demo")
            (place / "ready").touch()
    return place / "demo"


def copied(to: Path) -> Settings:
    """A demonstration of one's own, to be changed at will; without the files it came from."""
    shutil.copytree(built(), to, ignore=shutil.ignore_patterns("files"))
    return Settings.demonstration(to)
