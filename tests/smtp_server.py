"""A real mail server in a process of its own; what it does depends on the address written to.

`later@` is refused for now, `never@` for ever; at `lost@` the connection ends before the text is
sent, at `silent@` after it, without an answer, though the letter is kept.
"""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "bread & cheese"


@dataclass(frozen=True)
class MailServer:
    """Where it listens, and the folder of what it has taken."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def raw(self) -> list[bytes]:
        """The letters that were taken, as they came, in no order."""
        return [file.read_bytes() for file in self.folder.glob("*.eml")]

    @property
    def taken(self) -> list[EmailMessage]:
        """The letters that were taken, in no order."""
        return [_letter(one) for one in self.raw]

    @property
    def ids(self) -> list[str]:
        """The identifiers of the letters that were taken, as often as they were."""
        return sorted(str(one["Message-ID"])[1:].partition("@")[0] for one in self.taken)


def _letter(came: bytes) -> EmailMessage:
    found = message_from_bytes(came, policy=default)
    assert isinstance(found, EmailMessage)
    return found


@contextmanager
def running(folder: Path, *wishes: str) -> Iterator[MailServer]:
    """The server until the block ends. Wishes: `slow`, or `tls`/`starttls`, certificate, key."""
    folder.mkdir(parents=True, exist_ok=True)
    words: Sequence[str | Path] = (sys.executable, "-m", "tests.smtp_server", folder, *wishes)
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield MailServer(int(process.stdout.readline()), folder)
        finally:
            process.kill()


class Desk:
    """Takes letters into a folder."""

    def __init__(self, folder: Path, pause: float) -> None:
        self.folder, self.pause = folder, pause

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("stranger@"):
            return "550 5.7.1 you may not send from here"
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        who = address.partition("@")[0]
        if who == "lost":
            _hang_up(server)
        answers = {"later": "450 4.2.1 the mailbox is busy", "never": "550 5.1.1 no such mailbox"}
        if who in answers:
            return answers[who]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        (self.folder / f"{uuid4()}.eml").write_bytes(envelope.content)
        await asyncio.sleep(self.pause)
        if envelope.rcpt_tos[0].startswith("silent@"):
            _hang_up(server)
        return "250 2.0.0 taken"


def _hang_up(server: SMTP) -> None:
    assert server.transport
    server.transport.close()


def _known(
    server: SMTP, session: Session, envelope: Envelope, way: str, data: object
) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


async def serve(folder: Path, wishes: Sequence[str]) -> None:
    """Listen until killed; the port is the one line that is printed."""
    kind = wishes[0] if wishes else ""
    trust = None
    if kind in ("tls", "starttls"):
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(*wishes[1:3])
    desk = Desk(folder, 0.004 if kind == "slow" else 0)

    def made() -> SMTP:
        if kind == "starttls":
            options: dict[str, Any] = {
                "tls_context": trust,
                "require_starttls": True,
                "auth_required": True,
            }
            return SMTP(desk, hostname="mail.test", authenticator=_known, **options)
        return SMTP(desk, hostname="mail.test", enable_SMTPUTF8=True)

    loop = asyncio.get_running_loop()
    whole = trust if kind == "tls" else None
    server = await loop.create_server(made, "127.0.0.1", 0, ssl=whole)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2:]))
