"""Links between agencies: one person proposes, another one decides, then the record follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, NotAllowed, NotFound
from rankings.models import Account, Agency, AgencyLink
from rankings.usecases import agencies, associations, journal
from rankings.usecases.rows import rows
from rankings.usecases.typed import Typed

KINDS = ("renamed", "new_licence", "taken_over", "same_owners")
LONGEST_REASON = 1_000
APPROVE, REFUSE = "approve", "refuse"
ITSELF = "is the agency itself"
KNOWN = "This link is proposed or approved already."
RING = "The predecessor follows this agency itself: there would be a ring."
PROPOSER = "Whoever proposed a link does not decide it."
DECIDED = "This link has been decided already."
CHANGED = "The proposal has changed since it was shown."


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link as it was typed; `predecessor` is a public code."""

    predecessor: str
    kind: str
    since: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A link with both agencies and the names of who proposed and who decided it."""

    link: AgencyLink
    agency: Agency
    predecessor: Agency
    proposer: str
    decider: str | None

    @property
    def seen(self) -> str:
        """Names the proposal; whoever decides sends back what was on the page."""
        return token(self.link)


@dataclass(frozen=True, slots=True)
class Before:
    """An agency that another one follows, directly or by a chain; `until` its own successor."""

    agency: UUID
    until: date


def propose(
    session: Session, association: str, code: str, proposal: Proposal, act: journal.Act
) -> bool:
    """Propose that an agency follows another one; whether anything changed.

    A link that was refused may be proposed again. Invalid names what cannot be taken; Conflict
    where the link is there, or would make a ring.
    """
    agency = agencies.find(session, association, code)
    predecessor, wanted = _checked(session, agency, proposal, act)
    link = _of_two(session, agency, predecessor)
    if link is not None and link.is_approved is not False:
        if link.is_approved is None and _says(link) == wanted:
            return False
        raise Conflict(KNOWN)
    _refuse_ring(session, agency.association, agency.id, predecessor.id)
    row = link or AgencyLink(
        association=association,
        id=UUID(bytes=act.draw(16), version=4),
        agency=agency.id,
        predecessor=predecessor.id,
        **wanted,
        proposed_by=_account(act),
        proposed_at=act.now,
    )
    for name, value in wanted.items():
        setattr(row, name, value)
    row.proposed_by, row.proposed_at = _account(act), act.now
    row.is_approved = row.decided_by = row.decided_at = None
    session.add(row)
    session.flush()
    told = {"predecessor": predecessor.code, "kind": row.kind, "since": row.since.isoformat()}
    journal.record(session, association, act, "proposed a link", code, told)
    return True


def decide(
    session: Session, association: str, link: UUID, decision: str, seen: str, act: journal.Act
) -> bool:
    """Approve or refuse a link; an approved one may be refused later. Whether anything changed.

    Invalid for another word, NotFound where there is no such link; Conflict for the
    proposer, and where it was decided or proposed anew in the meantime, or would make a ring.
    """
    typed = Typed()
    approve = typed.one_of("decision", decision, (APPROVE, REFUSE)) == APPROVE
    typed.done()
    row = _locked(session, association, link)
    if row.is_approved is approve:
        return False
    _refuse_decision(session, row, approve, seen, act)
    row.is_approved, row.decided_by, row.decided_at = approve, act.account, act.now
    session.flush()
    ends = {one.id: one.code for one in agencies.every(session, association)}
    told = {"predecessor": ends[row.predecessor], "since": row.since.isoformat()}
    action = "approved a link" if approve else "refused a link"
    journal.record(session, association, act, action, ends[row.agency], told)
    return True


def listing(session: Session, association: str, agency: UUID | None = None) -> list[Shown]:
    """All links, or those at whose ends an agency stands: what waits first, then the newest."""
    where = [AgencyLink.association == association]
    if agency is not None:
        where.append((AgencyLink.agency == agency) | (AgencyLink.predecessor == agency))
    found = session.exec(select(AgencyLink).where(*where)).all()
    ends = {one.id: one for one in agencies.every(session, association)} if found else {}
    people = {one.proposed_by for one in found} | {one.decided_by for one in found} - {None}
    named = session.exec(select(Account).where(col(Account.id).in_(people)))
    names = {one.id: one.name for one in named}
    shown = [
        Shown(
            one,
            ends[one.agency],
            ends[one.predecessor],
            names[one.proposed_by],
            names[one.decided_by] if one.decided_by else None,
        )
        for one in found
    ]
    shown.sort(key=lambda one: (one.link.proposed_at, one.link.id), reverse=True)
    return sorted(shown, key=lambda one: one.link.is_approved is not None)


def before(session: Session, association: str, day: date) -> dict[UUID, list[Before]]:
    """Of each agency all that it follows by links that hold on a day, each once."""
    direct: dict[UUID, list[Before]] = {}
    columns = (AgencyLink.agency, AgencyLink.predecessor, AgencyLink.since)
    for agency, predecessor, since in rows(
        session,
        columns,
        col(AgencyLink.association) == association,
        col(AgencyLink.is_approved).is_(True),
        col(AgencyLink.since) <= day,
        by=(AgencyLink.since, AgencyLink.predecessor),
    ):
        direct.setdefault(agency, []).append(Before(predecessor, since))
    return {agency: _chain(direct, agency) for agency in direct}


def token(link: AgencyLink) -> str:
    """Names a proposal as it stands."""
    return link.proposed_at.isoformat()


def _chain(direct: Mapping[UUID, list[Before]], agency: UUID) -> list[Before]:
    """The agencies behind one, the nearest first; of several ways to one the last day counts."""
    found: dict[UUID, date] = {}
    waiting = [agency]
    for after in waiting:
        for one in direct.get(after, ()):
            if one.agency == agency:
                continue
            if one.agency not in found:
                waiting.append(one.agency)
            found[one.agency] = max(one.until, found.get(one.agency, one.until))
    return [Before(key, until) for key, until in found.items()]


def _checked(
    session: Session, agency: Agency, proposal: Proposal, act: journal.Act
) -> tuple[Agency, dict[str, Any]]:
    """The predecessor, and what the link is to say."""
    whose, typed = associations.find(session, agency.association), Typed()
    known = {one.code: one for one in agencies.every(session, agency.association)}
    code = proposal.predecessor.strip().upper()
    typed.one_of("predecessor", code, known)
    if code == agency.code:
        typed.refuse("predecessor", code, ITSELF)
    wanted = {
        "kind": typed.one_of("kind", proposal.kind, KINDS),
        "since": typed.day("since", proposal.since, latest=associations.day(whose, act.now)),
        "reason": typed.text("reason", proposal.reason, LONGEST_REASON),
    }
    typed.done()
    return known[code], wanted


def _says(link: AgencyLink) -> dict[str, Any]:
    return {"kind": link.kind, "since": link.since, "reason": link.reason}


def _account(act: journal.Act) -> UUID:
    if act.account is None:
        raise NotAllowed("Only a person proposes a link.")
    return act.account


def _of_two(session: Session, agency: Agency, predecessor: Agency) -> AgencyLink | None:
    return session.exec(
        select(AgencyLink).where(
            AgencyLink.association == agency.association,
            AgencyLink.agency == agency.id,
            AgencyLink.predecessor == predecessor.id,
        )
    ).first()


def _locked(session: Session, association: str, link: UUID) -> AgencyLink:
    """The link; nobody else changes it until the commit."""
    found = session.exec(
        select(AgencyLink)
        .where(AgencyLink.association == association, AgencyLink.id == link)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound("There is no such link.")
    return found


def _refuse_decision(
    session: Session, row: AgencyLink, approve: bool, seen: str, act: journal.Act
) -> None:
    if act.account is None or act.account == row.proposed_by:
        raise Conflict(PROPOSER)
    if row.is_approved is False:
        raise Conflict(DECIDED)
    if seen != token(row):
        raise Conflict(CHANGED)
    if approve:
        _refuse_ring(session, row.association, row.agency, row.predecessor)


def _refuse_ring(session: Session, association: str, agency: UUID, predecessor: UUID) -> None:
    behind = before(session, association, date.max).get(predecessor, [])
    if any(one.agency == agency for one in behind):
        raise Conflict(RING)
