"""The columns of the six kinds of file (`docs/files.md`), and how their cells become values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.adapters.cells import CellError, day, number, whole, yes_no
from rankings.adapters.zawgyi import unicode_text
from rankings.scoring.codes import COUNTRIES, CURRENCIES

QUARTER = re.compile(r"(?:19|20)\d\d-Q[1-4]", re.ASCII)
WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
# A number or initials of the association's own; too short and tight to tell a story.
OWN_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,29}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its id, how a cell that is not empty is read (CellError), if it may be empty."""

    id: str
    read: Callable[[str], Any]
    required: bool = True


def text(longest: int) -> Callable[[str], str]:
    """Any text up to so many characters."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise CellError(f"is longer than {longest} characters")
        return cell

    return read


def name(cell: str) -> tuple[str, str | None]:
    """A name in Unicode, and what stood there if it was Zawgyi."""
    return unicode_text(text(200)(cell))


def matching(pattern: re.Pattern[str], remedy: str) -> Callable[[str], str]:
    """A text of a certain form."""

    def read(cell: str) -> str:
        if not pattern.fullmatch(cell):
            raise CellError(remedy)
        return cell

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """One of a few words, in small letters or large."""

    def read(cell: str) -> str:
        if cell.lower() not in words:
            raise CellError(f"must be one of {', '.join(words)}")
        return cell.lower()

    return read


def known(codes: frozenset[str], remedy: str) -> Callable[[str], str]:
    """A code of a list, in small letters or large."""

    def read(cell: str) -> str:
        if cell.upper() not in codes:
            raise CellError(remedy)
        return cell.upper()

    return read


def amount(cell: str) -> Fraction:
    """Money, from 0 on."""
    value = number(cell)
    if value < 0:
        raise CellError("must not be below 0")
    return value


def affected(cell: str) -> int:
    """A number of people, from 1 to a million."""
    value = whole(cell)
    if not 1 <= value <= 1_000_000:
        raise CellError("must be a whole number from 1 on")
    return value


def workers(cell: str) -> int:
    """A number of people, from 0 to ten million."""
    value = whole(cell)
    if value > 10_000_000:
        raise CellError("is more than ten million")
    return value


own_number = matching(OWN_NUMBER, "must be letters, digits and / . _ - only, at most 30")
country = known(COUNTRIES, "must be a country code of ISO 3166, such as JP")
AGENCY = Column("agency", text(60))

COLUMNS: dict[str, tuple[Column, ...]] = {
    "agencies": (
        Column("licensing_authority", text(60)),
        Column("licence_number", text(60)),
        *(Column(f"name_{language}", name, False) for language in ("vi", "km", "my", "ja", "en")),
        Column("licensed_on", day),
        Column("licence_state", one_of("valid", "suspended", "revoked", "expired")),
        Column("licence_state_since", day),
        Column("licence_valid_until", day, False),
        Column("code_signed_on", day, False),
    ),
    "deployments": (
        AGENCY,
        Column("quarter", matching(QUARTER, "must be a quarter such as 2026-Q1")),
        Column("destination", country),
        Column("programme", matching(WORD, "must be a word such as technical-intern"), False),
        Column("sex", one_of("women", "men", "all"), False),
        Column("workers", workers),
        Column("source", text(60)),
    ),
    "self-assessments": (
        AGENCY,
        Column("submitted_on", day),
        Column("indicator", text(60)),
        Column("answer", text(300)),
    ),
    "findings": (
        AGENCY,
        Column("indicator", text(60), False),
        Column("serious_finding", text(60), False),
        Column("found", text(300), False),
        Column("evidence", one_of("document", "audit"), False),
        Column("found_on", day),
        Column("expires_on", day, False),
        Column("disputed_on", day, False),
        Column("decided_on", day, False),
        Column("put_right_on", day, False),
        Column("auditor", own_number),
        Column("reason", text(500), False),
    ),
    "interviews": (
        Column("interview", own_number),
        AGENCY,
        Column("interviewed_on", day),
        Column("worker", one_of("abroad", "returned", "before_departure")),
        Column("chosen_by", one_of("association", "agency")),
    ),
    "complaints": (
        Column("case", own_number),
        AGENCY,
        Column("received_on", day),
        Column(
            "category",
            one_of(
                *("deployment_delay", "documents_withheld", "fees", "misrepresentation"),
                *("contract_substitution", "wages", "compensation", "missing_person"),
                *("stranded", "forced_labour", "other"),
            ),
        ),
        Column("severity", one_of("minor", "moderate", "serious")),
        Column(
            "outcome",
            one_of(
                *("open", "substantiated", "remedied", "overdue"),
                *("withdrawn", "withdrawn_unconfirmed", "rejected"),
            ),
        ),
        Column("decided_on", day, False),
        Column("agency_heard", yes_no, False),
        Column("may_count", one_of("worker", "authority"), False),
        Column("workers_affected", affected),
        Column("claimed", amount, False),
        Column("recovered", amount, False),
        Column("currency", known(CURRENCIES, "must be a code of ISO 4217, such as USD"), False),
        Column("destination", country, False),
    ),
}
KINDS = tuple(COLUMNS)


def columns(kind: str, interview_items: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a kind; interviews have one more per item that workers are asked."""
    further = [Column(item, yes_no, False) for item in interview_items]
    return (*COLUMNS[kind], *(further if kind == "interviews" else ()))
