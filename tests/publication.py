"""The whole road to an edition in one call: hearing, candidate, two persons, publication."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db, publishing
from rankings.models import (
    Account,
    AssociationSettings,
    HearingNotice,
    Membership,
    RankingEdition,
)
from rankings.settings import Settings
from rankings.usecases import approvals, candidates, cycles
from rankings.usecases.journal import OPERATOR, Act
from rankings.usecases.press import Said

PREPARER, APPROVER = UUID(int=901), UUID(int=902)


@dataclass(frozen=True)
class Order:
    """What is published, and for a correction why."""

    association: str
    cycle: str
    reason: str | None = None

    @property
    def of_cycle(self) -> publishing.Order:
        return publishing.Order(self.association, self.cycle)


def publish(
    engine: Engine,
    settings: Settings,
    order: Order,
    act: Act,
    said: Said = publishing.quiet,
) -> RankingEdition:
    """Hear everybody, let the clocks run out, score, prepare, approve and publish."""
    approved(engine, settings, order, act)
    return publishing.publish(engine, settings, order.of_cycle, act, said)


def approved(engine: Engine, settings: Settings, order: Order, act: Act) -> None:
    """Everything but the publication."""
    with db.transaction(engine) as session:
        people(session, order.association, act)
        no_thresholds(session, order.association, act)
    publishing.open_hearing(engine, settings, order.of_cycle, order.reason, act)
    with db.transaction(engine) as session:
        end_hearings(session, order.association, act)
    publishing.score(engine, settings, order.of_cycle, act)
    with db.transaction(engine) as session:
        sign(session, order, act)


def approved_now(environment: Mapping[str, str], order: Order) -> None:
    """The same in the installation that an environment names."""
    known = Settings.from_env(environment)
    engine = db.connect(known.database_url)
    approved(engine, known, order, Act(OPERATOR, datetime.now(UTC)))
    engine.dispose()


def people(session: Session, association: str, act: Act) -> None:
    """Two members of the secretariat."""
    for key in (PREPARER, APPROVER):
        if session.get(Account, key) is None:
            made: dict[str, Any] = {"email": f"{key.int}@example.org", "name": f"{key.int}"}
            made |= {"language": "en", "password_hash": "", "created_at": act.now}
            session.add(Account(id=key, **made))
            session.flush()
        if session.get(Membership, (association, key)) is None:
            held: dict[str, Any] = {"account": key, "role": "secretariat", "granted_at": act.now}
            session.add(Membership(association=association, id=key, **held))
            session.flush()


def no_thresholds(session: Session, association: str, act: Act) -> None:
    """However few are rated, and however many claims were too high."""
    held: dict[str, Any] = {"least_rated_percent": 0, "most_over_claims_percent": 100}
    row = AssociationSettings(association=association, changed_at=act.now, **held)
    session.merge(row)
    session.flush()


def end_hearings(session: Session, association: str, act: Act) -> None:
    """Everybody was told long ago, and the clocks have run out."""
    day = act.now.date() - timedelta(days=5)
    notices = select(HearingNotice).where(HearingNotice.association == association)
    for one in session.exec(notices):
        if one.is_due:
            one.served_on = one.ends_on = day
            one.how = "letter"
            session.add(one)
    session.flush()


def sign(session: Session, order: Order, act: Act) -> None:
    """One prepares, another one approves; both have just proved who they are."""
    cycle = cycles.find(session, order.association, order.cycle)
    found = candidates.find(session, cycle)
    for step, who in ((approvals.prepare, PREPARER), (approvals.approve, APPROVER)):
        step(session, cycle, found, found.digest, act.now, Act(str(who), act.now, act.draw))
