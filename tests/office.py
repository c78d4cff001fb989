"""LibreOffice without a window: opens a file, recalculates, saves it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rankings import machine
from tests.machine_parts import missing

Convert = Callable[[Path, str], Path]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """`convert(file, "xlsx")` gives the file that LibreOffice saved."""
    program = machine.office()
    if program is None:
        missing("LibreOffice")
    profile, folder = tmp_path / "office-profile", tmp_path / "office"

    def through_office(file: Path, form: str) -> Path:
        subprocess.run(
            [
                *(program, "--headless", f"-env:UserInstallation={profile.as_uri()}"),
                *("--convert-to", form, "--outdir", folder, file),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return folder / f"{file.stem}.{form.partition(':')[0]}"

    return through_office
