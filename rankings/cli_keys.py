"""Keys of associations: holders, roots of keys, and edition keys; docs/keys.md is the manual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rankings import key_roots_taking
from rankings.adapters import key_files, key_roots, signature
from rankings.adapters.key_roots import EditionKey, Root, Signed
from rankings.cli_association import DAY, FILE, of_association, operating, refusing
from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.settings import Settings

NEW = click.Path(dir_okay=False, path_type=Path)
SHORTEST = 12


@click.group("keys")
def keys() -> None:
    """Keys of editions and who vouches for them; docs/keys.md is the manual."""


@keys.group("holder")
def holder() -> None:
    """The three holders: each keeps a key on a stick of their own."""


@holder.command("make")
@click.argument("file", type=NEW)
def make_holder(file: Path) -> None:
    """Make a holder's key: FILE is private and sealed with a passphrase, FILE.public.pem is not."""
    passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
    with refusing():
        if len(passphrase) < SHORTEST:
            raise Invalid([Problem("passphrase", "", f"has less than {SHORTEST} characters")])
        key = Ed25519PrivateKey.generate()
        key_files.write_private(file, key, passphrase.encode())
        beside = file.with_name(f"{file.name}.public.pem")
        beside.write_bytes(signature.public_pem(key.public_key()))
    click.echo(f"{file}: keep it on a stick of your own; hand over {beside}")
    click.echo(f"fingerprint: {signature.fingerprint(key.public_key())}")


@keys.group("root")
def root() -> None:
    """Roots of keys: good where two of three holders signed, of this root and the one before."""


@root.command("make")
@of_association
@click.option("--holder", "holders", type=FILE, multiple=True, help="FILE.public.pem; three times.")
@click.option("--since", type=DAY, help="Root 1: the first day of the key that is in use.")
@click.option("--rotate-on", type=DAY, help="First day of the new key, last of the one before.")
@click.option("--end", type=DAY, help="Last day of the key before, if another; after a theft.")
@click.argument("to", metavar="FILE", type=NEW)
def make_root(
    association: str,
    holders: Sequence[Path],
    since: datetime | None,
    rotate_on: datetime | None,
    end: datetime | None,
    to: Path,
) -> None:
    """Write the next root, which nobody has signed yet."""
    with operating() as (settings, _, _):
        before = key_files.roots(settings.keys, association)
        publics = tuple(_public(file) for file in holders)
        if before:
            made = _following(before[-1], publics)
        else:
            made = _first(settings, association, publics, _day(since))
        if rotate_on:
            made = _rotated(settings, made, rotate_on.date(), _day(end) or rotate_on.date())
        _write_new(to, _sound(made))
    _tell(made)
    click.echo(f"{to}: now two of the three holders sign it; see docs/keys.md")


def _public(file: Path) -> str:
    return key_roots.public_hex(signature.public_key(file.read_bytes()))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _first(
    settings: Settings, association: str, holders: tuple[str, ...], since: date | None
) -> Root:
    if since is None:
        raise click.UsageError("--since is needed for root 1: when the key in use was first used")
    used = key_roots.public_hex(signature.public(settings.keys, association))
    return Root(association, 1, holders, (EditionKey(used, since),))


def _following(before: Root, holders: tuple[str, ...]) -> Root:
    known = holders or before.holders
    return Root(before.association, before.number + 1, known, before.editions, before.fingerprint)


def _rotated(settings: Settings, made: Root, first: date, last: date) -> Root:
    waiting = signature.unlisted(settings.keys, made.association)
    if len(waiting) != 1:
        raise NotFound("There is no new edition key: rankings keys edition rotate.")
    public = key_roots.public_hex(key_files.read_private(waiting[0]).public_key())
    *older, current = made.editions
    ended = replace(current, last=min(last, current.last or last))
    return replace(made, editions=(*older, ended, EditionKey(public, first)))


def _sound(made: Root) -> Signed:
    try:
        key_roots.check_shape(made)
    except ValueError as error:
        raise Invalid([Problem("keys", "", str(error))]) from None
    return Signed(made)


def _write_new(file: Path, signed: Signed) -> None:
    try:
        with file.open("xb") as out:
            out.write(signed.body)
    except FileExistsError:
        raise Conflict(f"{file} is there already.") from None


@root.command("sign")
@click.argument("file", metavar="ROOT.json", type=FILE)
@click.option("--with", "key_file", type=FILE, required=True, help="The holder's private key.")
def sign_root(file: Path, key_file: Path) -> None:
    """Sign a root as a holder; needs neither the database nor the network."""
    with refusing():
        signed = key_roots.read(file.read_bytes())
        _tell(signed.root)
        passphrase = click.prompt("Passphrase of your key", hide_input=True)
        key = key_files.read_private(key_file, passphrase.encode())
        done = key_roots.sign(signed, key)
        file.write_bytes(done.body)
    click.echo(f"{file}: signed by {len(done.signatures)}")


def _tell(made: Root) -> None:
    """What a holder should read before signing."""
    click.echo(f"{made.association}, root {made.number}, fingerprint {made.fingerprint}")
    for one in made.holders:
        click.echo(f"  holder       {EditionKey(one, date.min).fingerprint}")
    for key in made.editions:
        until = f"until {key.last}" if key.last else "still in use"
        click.echo(f"  edition key  {key.fingerprint}, from {key.first}, {until}")


@root.command("take")
@click.argument("file", metavar="ROOT.json", type=FILE)
def take_root(file: Path) -> None:
    """Check a signed root and trust it on this host; on every host that shows pages."""
    with operating() as (settings, engine, act):
        taken = key_roots_taking.take(engine, settings, file.read_bytes(), act)
    _tell(taken.root)
    click.echo(f"root {taken.root.number} is taken; print its fingerprint")
    if taken.notice is not None:
        click.echo(f"notice {taken.notice} is issued with its key")


@keys.command("export")
@of_association
@click.argument("to", metavar="FILE", type=NEW)
def export(association: str, to: Path) -> None:
    """Write keys.json: all roots that were taken, for `verify --root`."""
    with operating() as (settings, _, _):
        key_files.roots(settings.keys, association)
        chain = key_files.signed_roots(settings.keys, association)
        if not chain:
            raise NotFound(f"There is no root of {association} on this host.")
        to.write_bytes(key_roots.write_chain(chain))
    click.echo(f"{to}: {len(chain)} roots")


@keys.group("edition")
def edition() -> None:
    """The key that signs editions and notices."""


@edition.command("rotate")
@of_association
def rotate(association: str) -> None:
    """Make the next edition key; it signs once a root that lists it is taken."""
    with operating() as (settings, _, _):
        if not key_files.privates(settings.keys, association):
            raise NotFound(f"This host has no key of {association}.")
        key = signature.make_next(settings.keys, association)
    click.echo(f"new edition key {signature.fingerprint(key)}; now make a root with --rotate-on")


@edition.command("forget")
@of_association
@click.argument("fingerprint")
def forget(association: str, fingerprint: str) -> None:
    """Remove the private half of a key that signs no more; its public half stays in the root."""
    with operating() as (settings, _, act):
        chain = key_files.roots(settings.keys, association)
        known = {one.fingerprint: one for one in chain[-1].editions} if chain else {}
        key = known.get(fingerprint)
        if key is None or key == chain[-1].editions[-1]:
            raise Conflict("Only a key that a newer one has followed in the root can be removed.")
        file = key_files.privates(settings.keys, association).get(key.public)
        if file is None:
            raise NotFound("Its private half is not on this host.")
        file.unlink()
    click.echo(f"{file} is removed")
