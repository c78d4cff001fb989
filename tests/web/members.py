"""Two associations with people in every role; what belongs to the second one is marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.app import create_app
from rankings.settings import Settings
from rankings.usecases import (
    accounts,
    agency_codes,
    invitations,
    journal,
    memberships,
    self_assessments,
    sign_ins,
)
from rankings.usecases.self_assessments import Change
from rankings.web.access import ROLES, TOKEN, Right
from tests import prepared
from tests.web import (
    members_association,
    members_audit_workbook,
    members_audits,
    members_calendar,
    members_cases,
    members_evidence,
    members_hearing,
    members_interviews,
    members_messages,
    members_publication,
    members_registry,
    members_schedule,
    members_settings,
    small,
)
from tests.web.serving import stop

# While the cycle is open.
TODAY = datetime(2026, 3, 1, 3, tzinfo=UTC)
OURS, THEIRS = "alpha", "beta"
OWN, OTHER = agency_codes.code("VN", 1), agency_codes.code("VN", 2)
CYCLE = "2026"
STRANGER, PLATFORM = "stranger", "operator"
EVERYBODY = (*ROLES, STRANGER, PLATFORM)
AGENCY_ROLES = ("agency_member", "agency_signatory")
# Sixteen letters that stand in everything of the second association and nowhere else.
CANARY = "KqXvZwJrHgTnPbMd"
INDICATOR = "1.1"
RAW = "raw token of the form guard"
# By association and agency, by the name in an address.
Things = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Members:
    """The application, who is who, and what belongs to whom."""

    app: Flask
    engine: Engine
    accounts: dict[str, UUID] = field(default_factory=dict)
    things: Things = field(default_factory=dict)

    def client(self, who: str | None) -> FlaskClient:
        """A browser in which somebody is signed in, or nobody; its forms carry `token`."""
        client = self.app.test_client()
        known = self.sign_in(who) if who else None
        with client.session_transaction() as cookie:
            cookie["csrf_token"] = RAW
            if known:
                cookie[TOKEN] = known
        return client

    def sign_in(self, who: str) -> str:
        """The token of a fresh sign-in with both factors."""
        act = journal.Act(str(self.accounts[who]), self.now)
        with db.transaction(self.engine) as session:
            half = sign_ins.begin(session, self.accounts[who], "a browser", act)
            return sign_ins.verify(session, half, act)

    @property
    def data(self) -> Path:
        """The folder of local data."""
        return Path(self.app.extensions["settings"].data)

    @property
    def now(self) -> datetime:
        moment: datetime = self.app.extensions["clock"]()
        return moment

    @property
    def token(self) -> str:
        """What a form of this application sends back."""
        return str(URLSafeTimedSerializer(str(self.app.secret_key), "wtf-csrf-token").dumps(RAW))

    def path(self, right: Right, values: Mapping[str, Any]) -> str:
        """The address of a view about some things; KeyError names what `things` lacks."""
        rule = next(self.app.url_map.iter_rules(right.endpoint))
        kept = {name: ({"lang": "en"} | dict(values))[name] for name in rule.arguments}
        return self.app.url_map.bind("localhost").build(right.endpoint, kept)

    def form(self, right: Right, **fields: str) -> dict[str, str] | None:
        """What a form sends: its token and some fields."""
        return {"csrf_token": self.token} | fields if right.method == "POST" else None

    @property
    def seen(self) -> str:
        """The token of that answer."""
        with db.reading(self.engine) as session:
            cycle, agency = self_assessments.find(session, OURS, CYCLE, OWN)
            return self_assessments.token(
                self_assessments.answers(session, cycle, agency.id)[INDICATOR]
            )

    @cached_property
    def unchanged(self) -> dict[str, str]:
        """The form of the one answer that was given, as it is."""
        with db.reading(self.engine) as session:
            cycle, agency = self_assessments.find(session, OURS, CYCLE, OWN)
            answer = self_assessments.answers(session, cycle, agency.id)[INDICATOR]
        return {"answer": answer.value, "note": answer.note or "", "seen": ""}

    def fresh(self, association: str, agency: str) -> dict[str, Any]:
        """Things that may be used up, once more."""
        known = self.things[association, agency]
        with db.transaction(self.engine) as session:
            cycle, row = self_assessments.find(session, association, CYCLE, agency)
            of = {"association": association, "cycle": cycle.id, "agency": row.id}
            return known | _used_up(session, self, of, "ours")

    def submit_all(self) -> None:
        """Locks every self-assessment."""
        act = journal.Act(str(self.accounts["agency_signatory"]), self.now)
        with db.transaction(self.engine) as session:
            for association, agency in self.things:
                place = self_assessments.find(session, association, CYCLE, agency)
                self_assessments.submit(session, *place, act)

    def end_membership(self, who: str) -> None:
        """Takes a role in our association away; another secretariat remains."""
        with db.transaction(self.engine) as session:
            if who == "secretariat":
                _grant(session, OURS, self.accounts[STRANGER], "secretariat")
            for one in memberships.of(session, OURS, self.accounts[who]):
                memberships.end(session, OURS, one.id, _operator())


def address(*more: str, association: str = OURS, agency: str = OWN) -> str:
    """A page about an agency's self-assessment."""
    start = f"/{association}/staff/cycles/{CYCLE}/agencies/{agency}/self-assessment"
    return "/".join([start, *more])


def members(engine: Engine, folder: Path) -> Members:
    """Everything there is, on a database without rows."""
    known = prepared.world("members", engine, folder, _built)
    held = Members(app_of(small.known_settings(engine, folder)), engine, *known)
    members_cases.desk(held.app)
    return held


def _built(engine: Engine, folder: Path) -> tuple[dict[str, UUID], Things]:
    held = Members(app_of(small.settings(engine, folder)), engine)
    with db.transaction(engine) as session:
        for association in (OURS, THEIRS):
            mark = f" {CANARY}" if association == THEIRS else ""
            members_association.add(session, association, CYCLE, mark)
        _people(session, held)
        for association, agency in product((OURS, THEIRS), (OWN, OTHER)):
            held.things[association, agency] = _things(session, held, association, agency)
    stop(held.app)
    return held.accounts, held.things


def app_of(settings: Settings) -> Flask:
    """The application on the day on which everything is looked at."""
    app = create_app(settings)
    app.extensions["clock"] = lambda: TODAY
    return app


def _people(session: Session, held: Members) -> None:
    held.accounts = {who: _person(session, who, who == PLATFORM) for who in EVERYBODY}
    held.accounts["theirs"] = _person(session, f"Chi {CANARY}")
    for role in ROLES:
        _grant(session, OURS, held.accounts[role], role)
        _grant(session, THEIRS, held.accounts["theirs"], role)


def _person(session: Session, name: str, is_operator: bool = False) -> UUID:
    newcomer = accounts.Newcomer(name, "en", "no password opens this")
    email = f"{name.replace(' ', '.')}@example.org"
    return accounts.add(session, email, newcomer, _operator(), is_operator).id


def _operator() -> journal.Act:
    return journal.Act(journal.OPERATOR, TODAY)


def _grant(session: Session, association: str, account: UUID, role: str) -> None:
    agency = OWN if role in AGENCY_ROLES else None
    memberships.grant(session, association, account, role, agency, _operator())


def _things(session: Session, held: Members, association: str, agency: str) -> dict[str, Any]:
    """One of each thing that an address can name, each with the mark of its association."""
    mark = CANARY if association == THEIRS else "ours"
    cycle, row = self_assessments.find(session, association, CYCLE, agency)
    whose = held.accounts["theirs" if association == THEIRS else "agency_member"]
    act = journal.Act(str(whose), TODAY)
    change = Change(
        INDICATOR,
        members_evidence.option(session, association, CYCLE, INDICATOR),
        mark,
        self_assessments.token(None),
    )
    self_assessments.save_answers(session, cycle, row, [change], act)
    of: dict[str, Any] = {"association": association, "cycle": cycle.id, "agency": row.id}
    return {
        "association": association,
        "cycle": CYCLE,
        "agency": agency,
        "indicator": INDICATOR,
        **members_audits.given(session, of, *_judges(held, association)),
        **members_audits.action(session, of, INDICATOR, mark, whose),
        **members_audits.things(session, of, mark, whose, TODAY),
        **members_registry.things(session, of, mark, _proposer(held, association), TODAY),
        **members_interviews.things(session, of, mark, held.accounts, TODAY),
        **members_settings.things(session, association, mark),
        **members_calendar.things(session, association, mark, TODAY),
        **members_schedule.things(session, association, mark, TODAY),
        **members_hearing.things(session, held.app, of, mark, whose, TODAY),
        **members_cases.things(session, held.app, of, mark, _officer(held, association)),
        **_used_up(session, held, of, mark),
    }


def _officer(held: Members, association: str) -> UUID:
    """Who has the complaint: of our own agency the case officer, of the other somebody else."""
    ours = "secretariat" if held.things else "case_officer"
    return held.accounts["theirs" if association == THEIRS else ours]


def _judges(held: Members, association: str) -> tuple[UUID, UUID]:
    """Who has the audit and the second opinion, and who gave them."""
    ours = ("lead_auditor" if held.things else "auditor", "lead_auditor")
    auditor, lead = ("theirs", "theirs") if association == THEIRS else ours
    return held.accounts[auditor], held.accounts[lead]


def _proposer(held: Members, association: str) -> UUID:
    """Somebody who decides about no link."""
    return held.accounts["theirs" if association == THEIRS else "auditor"]


def _used_up(session: Session, held: Members, of: dict[str, Any], mark: str) -> dict[str, Any]:
    """What an act ends: a file, an upload, an invitation, a role of somebody who comes and goes."""
    whose = held.accounts["theirs" if of["association"] == THEIRS else "agency_member"]
    association, number = of["association"], uuid4().hex
    known: Settings = held.app.extensions["settings"]
    email = f"{mark}{number}@example.org"
    secret = invitations.invite(session, association, email, "auditor", None, _operator())
    invited = invitations.find(session, association, secret, TODAY)
    spare = _person(session, f"{mark} {number}")
    granted = memberships.grant(session, association, spare, "auditor", None, _operator())
    return {
        **members_evidence.used_up(session, of, INDICATOR, mark, (whose, TODAY), known.evidence),
        **members_audits.used_up(session, of, spare, TODAY),
        **members_messages.used_up(session, association, whose, mark, TODAY),
        **members_publication.used_up(session, known, association, mark, TODAY),
        **members_audit_workbook.things(session, of, mark, _proposer(held, association), TODAY),
        "link": secret,
        "invitation": invited.id,
        "membership": granted.id,
        "account": spare,
        "sign_in": uuid4(),
    }
