"""Who may use a page: one table, `rights.csv`, asked before every request."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, SQLModel, select

from rankings.errors import NotAllowed, NotFound
from rankings.models import Agency, Audit, ComplaintCase, SecondOpinion
from rankings.usecases import associations, memberships, sign_ins
from rankings.usecases.sign_ins import SignedIn
from rankings.web import now, reading, transaction

TABLE = Path(__file__).with_name("rights.csv")
ROLES = (
    "agency_member",
    "agency_signatory",
    "auditor",
    "lead_auditor",
    "case_officer",
    "secretariat",
    "regulator",
)
# What is given to one person, by its name in an address: the table, and who has it.
ASSIGNED: Mapping[str, tuple[type[SQLModel], str]] = {
    "audit": (Audit, "auditor"),
    "opinion": (SecondOpinion, "auditor"),
    "case": (ComplaintCase, "officer"),
}
# Under this name the session cookie holds the token of the sign-in.
TOKEN = "sign_in"


@dataclass(frozen=True, slots=True)
class Right:
    """One line of the table: a view, and for each role `yes`, `own`, `assigned` or nothing.

    `own`: only the agency that the address names, if it is theirs; `assigned`: only what the
    address names, if it was given to this very person.
    """

    endpoint: str
    method: str
    address: str
    cells: dict[str, str]
    when: str

    def __getitem__(self, who: str) -> str:
        return self.cells[who]


def table(text: str) -> dict[str, Right]:
    """The lines of the table by endpoint; ValueError where one stands twice."""
    found: dict[str, Right] = {}
    for line in csv.DictReader(text.splitlines()):
        known = ("endpoint", "method", "address", "when")
        fixed = {name: line.pop(name) for name in known}
        if fixed["endpoint"] in found:
            raise ValueError(f"{fixed['endpoint']} stands twice in the table of rights")
        found[fixed["endpoint"]] = Right(**fixed, cells=line)
    return found


RIGHTS = table(TABLE.read_text("utf-8"))


def register(app: Flask) -> None:
    """Ask the table before every request."""
    app.before_request(_guard)
    app.jinja_env.globals |= {"person": lambda: g.get("person"), "roles": roles, "may": may}
    app.jinja_env.globals["may_any"] = lambda endpoints: any(map(may, endpoints))


def person() -> SignedIn:
    """Whoever is signed in, with both factors; NotAllowed if nobody is."""
    found: SignedIn | None = g.get("person")
    if found is None:
        raise NotAllowed("Nobody is signed in.")
    return found


def roles() -> frozenset[str]:
    """The roles of the person in the association of the address."""
    found: frozenset[str] = g.get("roles", frozenset())
    return found


def may(endpoint: str) -> bool:
    """Whether a role of the person opens a page, at least of what is their own."""
    return any(RIGHTS[endpoint][role] for role in roles())


def token() -> str | None:
    """The token of the sign-in that this browser has."""
    found = session.get(TOKEN)
    return found if isinstance(found, str) else None


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    right = _right(request.endpoint)
    if right["anyone"]:
        return None
    with reading() as held:
        signed_in = _signed_in(held)
        if signed_in is None:
            return _sign_in_first()
        g.person = signed_in
        if g.get("language") is None:
            g.language = signed_in.language
        _check(held, right, signed_in)
    _seen(signed_in)
    return None


def _right(endpoint: str) -> Right:
    """The line of a view; refused where there is none."""
    if "\0" in request.path:
        # No database takes it, and nothing of ours has it in its name.
        raise NotFound("There is no such page.")
    if endpoint not in RIGHTS:
        raise NotAllowed("This page is missing in the table of rights.")
    return RIGHTS[endpoint]


def _signed_in(held: Session) -> SignedIn | None:
    known = token()
    found = sign_ins.current(held, known, now()) if known else None
    return found if found is not None and found.verified else None


def _seen(signed_in: SignedIn) -> None:
    known = token()
    if known and now() - signed_in.seen_at > sign_ins.SEEN_EVERY:
        transaction(lambda held: sign_ins.seen(held, known, now()))


def _check(held: Session, right: Right, signed_in: SignedIn) -> None:
    """Refuse whoever has no right: what is another's is not there, the rest is not allowed."""
    if right["signed_in"] or (right["operator"] and signed_in.is_operator):
        return
    place = request.view_args or {}
    association = place.get("association")
    if association is None:
        raise NotAllowed("Only operators of the platform may do this.")
    found = memberships.of(held, association, signed_in.account)
    if not found:
        raise NotFound("There is no such association.")
    g.time_zone = associations.find(held, association).time_zone
    g.roles = frozenset(one.role for one in found)
    own = {one.agency for one in found if one.agency}
    g.own_agencies = own
    only_if = {
        "own": lambda: _agency(held, association, place) in own,
        "assigned": lambda: _assigned(held, association, place) == signed_in.account,
    }
    _decide({right[one.role] for one in found}, only_if)


def _decide(cells: Collection[str], only_if: Mapping[str, Callable[[], bool]]) -> None:
    if "yes" in cells or any(word in cells and holds() for word, holds in only_if.items()):
        return
    if any(word in cells for word in only_if):
        raise NotFound("There is no such thing here.")
    raise NotAllowed("Your role does not include this.")


def _assigned(held: Session, association: str, place: Mapping[str, Any]) -> object:
    """The account to which the thing that the address names was given."""
    name = next(name for name in ASSIGNED if name in place)
    table, whom = ASSIGNED[name]
    found = held.get(table, {"association": association, "id": place[name]})
    return getattr(found, whom) if found else None


def _agency(held: Session, association: str, place: dict[str, Any]) -> object:
    """The key of the agency that the address names."""
    named = select(Agency.id).where(
        Agency.association == association, Agency.code == place.get("agency")
    )
    return held.exec(named).first()


def _sign_in_first() -> ResponseReturnValue:
    """To the sign-in, and back; what was sent is kept on the page to be sent again."""
    if request.method in ("GET", "HEAD"):
        back = request.full_path.rstrip("?")
        return redirect(f"{url_for('account.sign_in')}?{urlencode({'next': back})}", 303)
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return render_template("signed_out.html", fields=fields), 401
