"""Ranges, what lifts, and the run report are made anew by whoever verifies an edition."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rankings import db, verifying
from rankings.adapters import signature
from rankings.adapters.bundle import Bundle, Press
from rankings.errors import Invalid
from rankings.scoring.source import RubricSource, read
from rankings.usecases import editions
from rankings.usecases.edition_parts import AGENCIES, FEE_CAPS, RANKING, RUBRIC, STATED
from rankings.usecases.run_report import PART as RUN_REPORT
from tests.web import small

Parts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def honest(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published edition of a code of conduct with ranges."""
    folder = tmp_path_factory.mktemp("ranges")
    file = folder / "db.sqlite"
    file.write_bytes(migrated_file.read_bytes())
    engine = db.connect(f"sqlite:///{file}")
    held = small.prepared(engine, folder)
    held.publish()
    found = folder / "edition.zip"
    with db.reading(engine) as session:
        digest = editions.digest_of(session, small.CODE, "2026", 1)
        found.write_bytes(editions.bundle(session, small.CODE, digest))
    engine.dispose()
    return found


def pressed(honest: Path, folder: Path, change: Callable[[Parts], None]) -> Path:
    """The edition with something changed, and signed by the association itself."""
    held = Bundle(honest)
    parts: Parts = {name: held.part(name) for name in held.manifest["parts"]}
    change(parts)
    folder.joinpath("work").mkdir()
    keys = honest.parent / "keys"
    press = Press(folder / "work", signature.private(keys, small.CODE))
    press.start(read(RubricSource(parts[RUBRIC]["document"], parts[RUBRIC]["labels"])))
    agencies = sorted(name for name in parts if name.startswith(AGENCIES))
    of_all = (RANKING, RUN_REPORT, RUBRIC, FEE_CAPS, *sorted(STATED & parts.keys()))
    for name in (*agencies, *of_all):
        press.add(name, parts[name])
    file = folder / "lie.zip"
    file.write_bytes(press.seal({**held.manifest, **press.finish()}))
    return file


def first(parts: Parts) -> dict[str, Any]:
    """The line of the first rated agency."""
    entry: dict[str, Any] = parts[RANKING]["entries"][0]
    return entry


def agency(parts: Parts) -> dict[str, Any]:
    return parts[f"{AGENCIES}{first(parts)['code']}"]


LIES: dict[str, tuple[Callable[[Parts], Any], str]] = {
    "a narrower range": (lambda parts: first(parts)["range"].update(score=[700, 701]), RANKING),
    "a better place": (lambda parts: first(parts)["range"].update(rank=[1, 1]), RANKING),
    "a surer band": (lambda parts: first(parts)["range"].update(borderline=True), RANKING),
    "another seed": (lambda parts: parts[RANKING]["ranges"].update(seed="0" * 16), RANKING),
    "more pairs apart": (
        lambda parts: parts[RANKING]["ranges"].update(pairs={"apart": 3, "all": 3}),
        RANKING,
    ),
    "another table of draws": (lambda parts: agency(parts)["quantiles"].clear(), AGENCIES),
    "an easier way up": (lambda parts: agency(parts).update(lift=None, note=1), AGENCIES),
    "a healthier report": (lambda parts: parts[RUN_REPORT].update(lint=[{}]), RUN_REPORT),
    "a ranking that holds": (
        lambda parts: parts[RUN_REPORT]["sensitivity"].update(mean_shift=99999),
        RUN_REPORT,
    ),
}


def test_an_honest_edition_passes(honest: Path, tmp_path: Path) -> None:
    assert verifying.verify(honest, None).rated > 1
    verifying.verify(pressed(honest, tmp_path, lambda parts: None), None)


@pytest.mark.parametrize("lie", LIES)
def test_a_signed_lie_about_how_sure_a_number_is_is_found(
    honest: Path, tmp_path: Path, lie: str
) -> None:
    change, named = LIES[lie]
    with pytest.raises(Invalid) as refused:
        verifying.verify(pressed(honest, tmp_path, change), None)
    assert named in str(refused.value)


def test_places_and_bands_of_an_edition_follow_from_its_ranges(honest: Path) -> None:
    ranking = Bundle(honest).part(RANKING)
    rated = [one for one in ranking["entries"] if one["state"] == "rated"]
    assert ranking["ranges"]["pairs"]["all"] == len(rated) * (len(rated) - 1) // 2
    for one in rated:
        assert sum(one["range"]["bands"].values()) == ranking["ranges"]["draws"]
