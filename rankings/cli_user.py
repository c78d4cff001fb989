"""What an operator does for people: invitations, reset links, keeping somebody out."""

from __future__ import annotations

from collections.abc import Callable

import click
from sqlmodel import Session

from rankings import db, journaling
from rankings.adapters.catalogues import LANGUAGES
from rankings.cli_association import operating
from rankings.settings import Settings
from rankings.usecases import accounts, associations, invitations, memberships, password_resets
from rankings.usecases.accounts import Newcomer
from rankings.usecases.throttles import Caller

COMMAND_LINE = "command line"


@click.group("user")
def user() -> None:
    """People: who may do what, and how they get in."""


@user.command("add")
@click.argument("email")
@click.option("--name", help="Of an operator; others say theirs when they take the invitation.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--operator", "is_operator", is_flag=True, help="Works for the installation itself.")
@click.option("--association", help="Its code, e.g. vamas.")
@click.option("--role", type=click.Choice(memberships.ROLES))
@click.option("--agency", help="Its public code, e.g. VN-00126, for roles of agencies.")
def add(
    email: str,
    name: str | None,
    language: str,
    is_operator: bool,
    association: str | None,
    role: str | None,
    agency: str | None,
) -> None:
    """Print a link that gives a role in an association, or one that lets in a new operator."""
    if is_operator == bool(association or role or agency):
        raise click.UsageError("say either --operator, or --association and --role")
    if is_operator:
        _add_operator(email, Newcomer(name or "", language))
    elif not (association and role):
        raise click.UsageError("--association and --role belong together")
    else:
        _invite(email, association, role, agency, language)


def _add_operator(email: str, newcomer: Newcomer) -> None:
    if not newcomer.name:
        raise click.UsageError("an operator needs a --name")
    with operating() as (settings, engine, act):

        def work(session: Session) -> str:
            account = accounts.add(session, email, newcomer, act, is_operator=True)
            return password_resets.make(session, account.id, _caller(settings), act)

        token = journaling.run(engine, settings.data, work)
        _tell(settings, f"{newcomer.language}/resets/{token}", "24 hours")


def _invite(email: str, association: str, role: str, agency: str | None, language: str) -> None:
    with operating() as (settings, engine, act):

        def work(session: Session) -> str:
            return invitations.invite(session, association, email, role, agency, act)

        token = journaling.run(engine, settings.data, work)
        _tell(settings, f"{language}/invitations/{association}/{token}", "7 days")


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """Print a link to a new password and a new second factor."""
    with operating() as (settings, engine, act):

        def work(session: Session) -> tuple[str, str]:
            account = accounts.named(session, email)
            token = password_resets.make(session, account.id, _caller(settings), act)
            return account.language, token

        language, token = journaling.run(engine, settings.data, work)
        _tell(settings, f"{language}/resets/{token}", "24 hours")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Keep somebody out, at once."""
    _change(email, accounts.disable, "is kept out")


@user.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let somebody in again."""
    _change(email, accounts.enable, "is let in again")


@user.command("list")
@click.option("--association", help="Its code; everybody if left out.")
def list_users(association: str | None) -> None:
    """Print who there is, and every role."""
    with operating() as (_, engine, _act), db.reading(engine) as session:
        for line in _lines(session, association):
            click.echo(line)


@user.command()
@click.argument("association")
@click.argument("email")
@click.argument("role", type=click.Choice(memberships.ROLES))
def end(association: str, email: str, role: str) -> None:
    """Take a role away from somebody, for every agency if it is one of agencies."""
    with operating() as (settings, engine, act):

        def work(session: Session) -> int:
            associations.find(session, association)
            account = accounts.named(session, email)
            held = memberships.of(session, association, account.id)
            ended = [one.id for one in held if one.role == role]
            for membership in ended:
                memberships.end(session, association, membership, act)
            return len(ended)

        if not journaling.run(engine, settings.data, work):
            raise click.ClickException(f"{email} has no role {role} in {association}")
        click.echo(f"{email} is no longer {role} of {association}")


def _change(email: str, change: Callable[..., None], done: str) -> None:
    with operating() as (settings, engine, act):

        def work(session: Session) -> str:
            account = accounts.named(session, email)
            change(session, account.id, act)
            return account.email

        changed = journaling.run(engine, settings.data, work)
        click.echo(f"{changed} {done}")


def _lines(session: Session, association: str | None) -> list[str]:
    if association:
        associations.find(session, association)
        people = memberships.people(session, association)
        return [
            " ".join([one.account.email, one.membership.role, one.agency or ""]).rstrip()
            for one in people
        ]
    return [
        " ".join(
            [one.email, *(["operator"] * one.is_operator), *(["disabled"] * bool(one.disabled_at))]
        )
        for one in accounts.everybody(session)
    ]


def _caller(settings: Settings) -> Caller:
    return Caller(settings.secret_key.encode(), COMMAND_LINE)


def _tell(settings: Settings, path: str, holds: str) -> None:
    click.echo(f"{settings.base_url}/account/{path}")
    click.echo(f"hand it over in person; it can be used once within {holds}", err=True)
