"""What a test does when the machine lacks something: fail in CI, skip aloud elsewhere."""

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing on this machine, and CI must not skip")
    pytest.skip(f"NOT TESTED: {what} is missing on this machine")
