"""What a deployment must say before anything starts."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rankings.adapters import letters, mail

MEANINGS = {
    "RANKINGS_SECRET_KEY": "a long random text that signs sessions; the same on every host",
    "RANKINGS_DATABASE_URL": "where the database is, e.g. sqlite:////var/lib/rankings/db.sqlite",
    "RANKINGS_DATA": "a folder for local data, such as verified copies of editions",
    "RANKINGS_KEYS": "a folder with the keys of associations, outside the database",
    "RANKINGS_BASE_URL": "the address the public sees, e.g. https://ranking.example.org",
    "RANKINGS_EVIDENCE": "a folder for files that agencies hand in; the same on every host",
}

OPTIONAL = {
    "RANKINGS_COMPLAINT_KEYS": "the folder of the private keys of complaints; only where case "
    "officers work; without it the complaint desk is closed",
    mail.SMTP_URL: "the server that sends messages, e.g. smtp://user:password@host:587?starttls=1 "
    "or smtps://host; without it they wait",
    letters.MAIL_FROM: "the address that messages come from; together with the server",
}


class MissingSettings(Exception):
    """Names every missing setting at once."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        lines = [f"  {name}: {MEANINGS[name]}" for name in names]
        super().__init__("\n".join(["missing settings:", *lines]))


@dataclass(frozen=True)
class Settings:
    """Nothing else has a default: what is not said is missing."""

    secret_key: str
    database_url: str
    data: Path
    keys: Path
    base_url: str
    evidence: Path
    complaint_keys: Path | None = None
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        missing = [name for name in MEANINGS if not environ.get(name)]
        if missing:
            raise MissingSettings(missing)
        desk = environ.get("RANKINGS_COMPLAINT_KEYS")
        return cls(
            secret_key=environ["RANKINGS_SECRET_KEY"],
            database_url=environ["RANKINGS_DATABASE_URL"],
            data=Path(environ["RANKINGS_DATA"]),
            keys=Path(environ["RANKINGS_KEYS"]),
            base_url=environ["RANKINGS_BASE_URL"].rstrip("/"),
            evidence=Path(environ["RANKINGS_EVIDENCE"]),
            complaint_keys=Path(desk) if desk else None,
            **_mail(environ.get(mail.SMTP_URL, ""), environ.get(letters.MAIL_FROM, "")),
        )

    @classmethod
    def demonstration(cls, folder: Path) -> Self:
        """All that a demonstration on this machine needs, kept in one folder."""
        return cls(
            secret_key=_kept_secret(folder),
            database_url=f"sqlite:///{folder.resolve() / 'rankings.sqlite'}",
            data=folder / "data",
            keys=folder / "keys",
            base_url="http://127.0.0.1:8000",
            evidence=folder / "evidence",
            complaint_keys=folder / "complaint-keys",
        )


def _mail(url: str, sender: str) -> dict[str, str]:
    """The settings for mail, both or none; Invalid where one is missing or cannot be used."""
    if not url and not sender:
        return {}
    mail.server(url)
    return {"smtp_url": url, "mail_from": letters.address(sender)}


def _kept_secret(folder: Path) -> str:
    """A secret of the folder's own: what was sealed in it can be opened again."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret-key"
    if not file.exists():
        file.write_text(secrets.token_hex(32), "utf-8")
        file.chmod(0o600)
    return file.read_text("utf-8")
