"""The private keys of this host, as the pages of cases use them."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Collection
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from rankings.adapters import vault
from rankings.adapters.private_keys import PrivateKeys
from rankings.errors import NotFound
from rankings.models import ComplaintCase, ComplaintItem
from rankings.usecases import (
    case_hearing,
    case_reports,
    cases,
    complaint_items,
    complaint_keys,
    journal,
)


def keys() -> PrivateKeys:
    """Where the private keys are, if this host has any."""
    found: PrivateKeys = current_app.extensions["private_keys"]
    return found


def is_here(case: ComplaintCase) -> bool:
    """Whether this host can open a case."""
    return keys().here(case.association, case.key)


def is_open(session: Session, association: str) -> bool:
    """Whether complaints that come in now can be opened on this host."""
    current = complaint_keys.current(session, association)
    return current is not None and keys().here(association, current.id)


def has_key(session: Session, association: str) -> bool:
    """Whether complaints can be sealed at all."""
    return complaint_keys.current(session, association) is not None


def contents(
    session: Session, case: ComplaintCase, kinds: Collection[str] = complaint_items.KINDS
) -> list[tuple[ComplaintItem, dict[str, object]]]:
    """All that a case holds; Unavailable where the key is not here."""
    key = complaint_items.case_key(case, keys().unwrap)

    def unseal(sealed: bytes, about: str) -> bytes:
        return vault.unseal(key, sealed, about)

    own = complaint_items.own_box(keys().unwrap, vault)
    return complaint_items.read(session, case, unseal, own, kinds)


def paper(session: Session, case: ComplaintCase, item: UUID) -> tuple[bytes, str]:
    """A worker's paper and its name; NotFound where neither this case nor a merged one has it."""
    for one in (case, *cases.merged(session, case)):
        for held, said in contents(session, one, ("file",)):
            if held.id == item:
                return b64decode(str(said["body"])), str(said["name"])
    raise NotFound("There is no such paper.")


def sealing(case: ComplaintCase) -> complaint_items.Box:
    """Seals with a case's own key; Unavailable where the key is not here."""
    key = complaint_items.case_key(case, keys().unwrap)
    return lambda plain, about: vault.seal(key, plain, about)


def opener() -> case_reports.Opener:
    """Opens what is compared of cases, as far as their keys are here."""

    def key_of(case: ComplaintCase) -> bytes | None:
        return complaint_items.case_key(case, keys().unwrap) if is_here(case) else None

    return case_reports.Opener(key_of, vault.unseal)


def depositing(act: journal.Act, month: str) -> case_hearing.Deposit:
    """Seals an agency's answer with a key of its own, which only the association's key opens.

    Conflict where the association has no such key.
    """

    def deposit(session: Session, case: ComplaintCase, text: str) -> None:
        said = {"text": text}
        complaint_items.add_with_own_key(
            session, case, vault, "agency_answer", said, month, act.account
        )

    return deposit
