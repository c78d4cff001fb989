"""The command that checks an edition offline."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rankings import verifying
from rankings.adapters import key_roots, key_trust, signature
from rankings.adapters.key_trust import Trust
from rankings.cli_association import FILE, refusing
from rankings.verifying import Report
from rankings.verifying_notice import Stale

# Exit codes: 0 right, 2 refused, and this one.
STALE = 3


@dataclass(frozen=True, slots=True)
class Given:
    """What the edition is checked with."""

    key: Path | None
    root: Path | None
    root_fingerprint: str | None
    notice: Path | None

    def trusted(self) -> Ed25519PublicKey | Trust | None:
        """The key, or the keys of the root, or nothing."""
        if self.key and self.root:
            raise click.UsageError("give --key or --root, not both")
        if self.root_fingerprint and not self.root:
            raise click.UsageError("--root-fingerprint needs --root")
        if self.root:
            chain = key_roots.read_chain(self.root.read_bytes())
            return key_trust.of_roots(chain, self.root_fingerprint)
        return signature.public_key(self.key.read_bytes()) if self.key else None


@click.command()
@click.argument("file", type=FILE)
@click.option("--key", type=FILE, help="The association's public key (.pem).")
@click.option("--root", type=FILE, help="The association's root of keys (keys.json).")
@click.option("--root-fingerprint", help="As the association prints it, in hex.")
@click.option("--notice", type=FILE, help="notice.json: is the edition the newest one?")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def verify(
    file: Path,
    key: Path | None,
    root: Path | None,
    root_fingerprint: str | None,
    notice: Path | None,
    as_json: bool,
) -> None:
    """Check an edition offline: its signature, and every score from its public inputs.

    Exit codes: 0 right, 2 refused, 3 genuine but not the newest ("stale").
    """
    given = Given(key, root, root_fingerprint, notice)
    with refusing():
        body = notice.read_bytes() if notice else None
        try:
            report = verifying.verify(file, given.trusted(), _counting(as_json), body)
        except Stale as stale:
            click.echo(str(stale), err=True)
            raise SystemExit(STALE) from stale
    if as_json:
        more = {"key_was_given": key is not None, "root_was_compared": bool(root_fingerprint)}
        click.echo(json.dumps(report.values() | more))
        return
    _tell(report, given)


def _tell(report: Report, given: Given) -> None:
    click.echo(f"{report.association}, cycle {report.cycle}, edition {report.number}")
    click.echo("signature: good; nothing was changed since it was signed")
    click.echo(f"key: {report.fingerprint}")
    if report.root is not None:
        until = f"until {report.key_last}" if report.key_last else "still in use"
        click.echo(f"     valid from {report.key_first}, {until}")
        click.echo(f"root: number {report.root}, {report.root_fingerprint}")
        if given.root_fingerprint is None:
            click.echo("     not compared: give --root-fingerprint as the association prints it")
    elif given.key is None:
        click.echo("     taken from the file itself: compare it with what the association prints")
    if report.notice is not None:
        told = f"notice {report.notice} of {report.notice_issued_on}"
        click.echo(f"newest: yes, says {told}")
    click.echo(f"scores: {report.agencies} agencies made anew from their inputs, all the same")
    if not report.same_engine:
        click.echo(f"engine: made by {report.engine}, checked by another version")


def _counting(quiet: bool) -> Callable[[int], None]:
    """A line that counts on a terminal."""
    shown = sys.stderr.isatty() and not quiet

    def checked(number: int) -> None:
        if shown and number % 500 == 0:
            click.echo(f"\r{number} parts", err=True, nl=False)

    return checked
