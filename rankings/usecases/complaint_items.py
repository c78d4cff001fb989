"""The sealed things of a complaint: how they are named, added and read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlmodel import Session, col, func, select

from rankings.canonical import canonical
from rankings.errors import NotFound
from rankings.models import ComplaintCase, ComplaintItem
from rankings.usecases import complaint_keys

KINDS = ("report", "message", "question", "file", "note", "agency_answer")
CHANNELS = ("web", "telephone", "walk_in", "letter", "partner")

# Seals, or opens, one thing under the name it has in its case.
Box = Callable[[bytes, str], bytes]
# Unwraps with a private key: (association, key, wrapped, about).
Unwrap = Callable[[str, UUID, bytes, str], bytes]


class Receipt(Protocol):
    """What follows from a worker's receipt."""

    @property
    def lookup(self) -> bytes:
        """Finds the case."""

    @property
    def key(self) -> bytes:
        """Opens it."""


class Vault(Protocol):
    """How a complaint is sealed."""

    def new_key(self) -> bytes:
        """A case's own key."""

    def wrap(self, public: bytes, key: bytes, about: str) -> bytes:
        """A key for the association's private key alone."""

    def lock(self, key: bytes, inner: bytes, about: str) -> bytes:
        """A key under another."""

    def seal(self, key: bytes, plain: bytes, about: str) -> bytes:
        """A thing under a case's key."""

    def unlock(self, key: bytes, locked: bytes, about: str) -> bytes:
        """A key that was put under another."""

    def unseal(self, key: bytes, sealed: bytes, about: str) -> bytes:
        """A thing that was sealed under a case's key."""


def about(association: str, case: UUID, item: UUID | str = "") -> str:
    """The name under which a thing is sealed; under another name it does not open."""
    return f"{association}/{case}/{item}"


def open_case(
    session: Session,
    association: str,
    case: UUID,
    report: Mapping[str, Any],
    channel: str,
    vault: Vault,
    receipt: Receipt,
    month: str,
    by: UUID | None = None,
) -> ComplaintCase:
    """A new case with its report, sealed for the association's key and for the receipt.

    `case` is a random id, `month` is "2026-04", `by` the officer who wrote it down. Conflict
    where the association has no key.
    """
    sealed_for = complaint_keys.wanted(session, association)
    own, name = vault.new_key(), about(association, case)
    row = ComplaintCase(
        association=association,
        id=case,
        key=sealed_for.id,
        wrapped_key=vault.wrap(sealed_for.public_key, own, name),
        receipt_hash=receipt.lookup,
        receipt_key=vault.lock(receipt.key, own, name),
        received_month=month,
        channel=channel,
        officer=by,
    )
    session.add(row)
    session.flush()
    add(session, row, lambda plain, at: vault.seal(own, plain, at), "report", report, month, by)
    return row


def add(
    session: Session,
    case: ComplaintCase,
    seal: Box,
    kind: str,
    document: Mapping[str, Any],
    month: str,
    by: UUID | None,
    item: UUID | None = None,
) -> ComplaintItem:
    """One more thing of a case; `document` is sealed as canonical JSON.

    With an `item` that is there already nothing is added: what is sent twice is kept once.
    """
    item = item or uuid4()
    known = session.get(ComplaintItem, {"association": case.association, "id": item})
    if known is not None:
        return known
    sealed = seal(canonical(document), about(case.association, case.id, item))
    return _kept(session, case, ComplaintItem(**_of(case, item, kind, month, by), sealed=sealed))


def add_with_own_key(
    session: Session,
    case: ComplaintCase,
    vault: Vault,
    kind: str,
    document: Mapping[str, Any],
    month: str,
    by: UUID | None,
) -> ComplaintItem:
    """One more thing from where the case's key is not: only the association can read it."""
    sealed_for = complaint_keys.wanted(session, case.association)
    item, own = uuid4(), vault.new_key()
    name = about(case.association, case.id, item)
    row = ComplaintItem(
        **_of(case, item, kind, month, by),
        sealed=vault.seal(own, canonical(document), name),
        own_key=vault.wrap(sealed_for.public_key, own, name),
        key=sealed_for.id,
    )
    return _kept(session, case, row)


def read(
    session: Session,
    case: ComplaintCase,
    unseal: Box,
    own: Callable[[ComplaintItem, str], bytes] | None = None,
    kinds: Collection[str] = KINDS,
) -> list[tuple[ComplaintItem, dict[str, Any]]]:
    """The things of a case in their order, opened.

    `own` opens those with a key of their own; without it they are left out.
    """
    found = []
    for item in _items(session, case, kinds):
        name = about(case.association, case.id, item.id)
        if item.own_key is None:
            found.append((item, json.loads(unseal(item.sealed, name))))
        elif own is not None:
            found.append((item, json.loads(own(item, name))))
    return found


def one(session: Session, case: ComplaintCase, item: UUID) -> ComplaintItem:
    """A thing of this very case; NotFound where it has none of that id."""
    row = session.get(ComplaintItem, {"association": case.association, "id": item})
    if row is None or row.case != case.id:
        raise NotFound("There is no such paper.")
    return row


def case_key(case: ComplaintCase, unwrap: Unwrap) -> bytes:
    """The case's own key, by the association's private key; Unavailable where that is not here."""
    name = about(case.association, case.id)
    return unwrap(case.association, case.key, case.wrapped_key, name)


def own_box(unwrap: Unwrap, vault: Vault) -> Callable[[ComplaintItem, str], bytes]:
    """Opens things that have a key of their own."""

    def opened(item: ComplaintItem, name: str) -> bytes:
        if item.own_key is None or item.key is None:
            raise NotFound("This has no key of its own.")
        own = unwrap(item.association, item.key, item.own_key, name)
        return vault.unseal(own, item.sealed, name)

    return opened


def _of(case: ComplaintCase, item: UUID, kind: str, month: str, by: UUID | None) -> dict[str, Any]:
    of: dict[str, Any] = {"association": case.association, "case": case.id, "id": item}
    return of | {"place": 0, "kind": kind, "month": month, "written_by": by}


def _kept(session: Session, case: ComplaintCase, item: ComplaintItem) -> ComplaintItem:
    last = session.exec(
        select(func.max(ComplaintItem.place)).where(
            ComplaintItem.association == case.association, ComplaintItem.case == case.id
        )
    ).one()
    item.place = (last or 0) + 1
    session.add(item)
    session.flush()
    return item


def _items(session: Session, case: ComplaintCase, kinds: Collection[str]) -> list[ComplaintItem]:
    found = select(ComplaintItem).where(
        ComplaintItem.association == case.association,
        ComplaintItem.case == case.id,
        col(ComplaintItem.kind).in_(kinds),
    )
    return list(session.exec(found.order_by(col(ComplaintItem.place))))
