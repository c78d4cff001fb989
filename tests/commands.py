"""Commands of the operator find their installation in the environment."""

from pathlib import Path

import pytest


def installed(
    monkeypatch: pytest.MonkeyPatch, url: str, folder: Path, at: str = "http://localhost"
) -> None:
    """Names a database, and a folder that holds everything else."""
    for name, value in {
        "SECRET_KEY": "secret",
        "DATABASE_URL": url,
        "DATA": str(folder / "data"),
        "KEYS": str(folder / "keys"),
        "BASE_URL": at,
        "EVIDENCE": str(folder / "evidence"),
    }.items():
        monkeypatch.setenv(f"RANKINGS_{name}", value)
