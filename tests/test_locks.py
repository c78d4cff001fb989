"""The locked requirements: hashed, of no particular place, and what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest

from rankings.bootstrap import ROOT, RUN_LOCK, TEST_LOCK
from tests.architecture_rules import Module, only

BEFORE_THE_ENVIRONMENT = ("__init__", "__main__", "bootstrap", "machine", "suite")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def packages(lock: Path) -> dict[str, str]:
    """Each pinned requirement with its hashes and comments."""
    entries = re.split(r"^(?=[a-z])", lock.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {entry.split(" \\")[0]: entry for entry in entries}


def asked_for(lock: Path) -> set[str]:
    found = packages(lock).items()
    return {pin.split("==")[0] for pin, entry in found if "rankings (pyproject.toml)" in entry}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=;~ ]", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK], ids=lambda lock: lock.name)
def test_every_package_is_pinned_and_hashed(lock: Path) -> None:
    for pin, entry in packages(lock).items():
        assert re.match(r"[a-z0-9-]+==[\w.]+( ; .+)?$", pin)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry)


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK], ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock: Path) -> None:
    assert not re.search(r"https?:|://|index|find-links|/", lock.read_text("utf-8"))


def test_the_lock_installs_what_the_project_names() -> None:
    run, test = names(PROJECT["dependencies"]), PROJECT["optional-dependencies"]["test"]
    assert asked_for(RUN_LOCK) == run
    assert asked_for(TEST_LOCK) == run | names(test)


def test_the_tests_run_with_the_versions_of_the_program() -> None:
    assert packages(RUN_LOCK).keys() <= packages(TEST_LOCK).keys()


@pytest.mark.parametrize("name", BEFORE_THE_ENVIRONMENT)
def test_the_start_needs_the_standard_library_only(name: str) -> None:
    path = ROOT / "rankings" / f"{name}.py"
    assert list(only("rankings")(Module(path.name, path.read_text("utf-8")))) == []
