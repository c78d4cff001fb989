"""A journal to be tampered with: raw rows, and the ways in which somebody could change them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from rankings.usecases import journal, journal_chain
from rankings.usecases.journal import Act

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
WORDS = {"who": "somebody", "action": "did nothing", "about": "another", "digest": "f" * 64}
Tamper = Callable[["Ledger"], None]


def by(now: datetime = NOW, who: str = journal.NOBODY, seed: int = 0) -> Act:
    return Act(who, now, Random(seed).randbytes) if seed else Act(who, now)


def write(session: Session, number: int, association: str = "alpha") -> None:
    """The n-th entry of a journal, a minute after the one before."""
    act = by(NOW + timedelta(minutes=number), seed=number + 1)
    about, details = f"2026 VN-{number:05}", {"n": number, "said": f"Ví Dụ {number}"}
    journal.record(session, association, act, "saved an answer", about, details)


def fill(session: Session, many: int, association: str = "alpha") -> None:
    """A sealed journal with so many entries."""
    for number in range(many):
        write(session, number, association)
    journal_chain.extend(session, association, thorough=True)


@dataclass(frozen=True)
class Ledger:
    """A sealed journal of alpha with so many entries, open to raw statements."""

    session: Session
    many: int
    random: Random

    def run(self, statement: str, **values: Any) -> None:
        done: Any = self.session.execute(text(statement), values)
        assert done.rowcount, statement

    def place(self) -> int:
        return self.random.randint(1, self.many)

    def two(self) -> tuple[int, int]:
        first, second = self.random.sample(range(1, self.many + 1), 2)
        return first, second

    def of(self, number: int) -> str:
        """The condition by which a table knows the entry of a number."""
        seal = f"SELECT entry FROM journal_seal WHERE association = 'alpha' AND number = {number}"
        return f"association = 'alpha' AND {{}} = ({seal})"

    def entry(self, number: int, change: str, **values: Any) -> None:
        self.run(
            f"UPDATE journal_entry SET {change} WHERE {self.of(number).format('id')}", **values
        )


def flip_entry(ledger: Ledger) -> None:
    column = ledger.random.choice(sorted(WORDS))
    ledger.entry(ledger.place(), f"{column} = :value", value=WORDS[column])


def flip_time(ledger: Ledger) -> None:
    ledger.entry(ledger.place(), "at = :value", value="2020-01-01 00:00:00.000000")


def flip_key(ledger: Ledger) -> None:
    ledger.entry(ledger.place(), "id = :value", value=f"{ledger.random.getrandbits(128):032x}")


def flip_association(ledger: Ledger) -> None:
    ledger.entry(ledger.place(), "association = 'beta'")


def flip_seal(ledger: Ledger) -> None:
    column = ledger.random.choice(["previous", "hash"])
    ledger.run(
        f"UPDATE journal_seal SET {column} = :value WHERE number = :number",
        value="0" * 63 + "1",
        number=ledger.place(),
    )


def flip_seal_key(ledger: Ledger) -> None:
    change = ledger.random.choice(["number = 1000000", "number = -1", "association = 'beta'"])
    ledger.run(f"UPDATE journal_seal SET {change} WHERE number = :number", number=ledger.place())


def flip_detail(ledger: Ledger) -> None:
    change = ledger.random.choice(
        ["salt = 'other'", "details = '{}'", "details = '{\"n\": 1000000}'"]
        + ["association = 'beta'", "entry = '00000000000000000000000000000000'"]
    )
    where = ledger.of(ledger.place()).format("entry")
    ledger.run(f"UPDATE journal_detail SET {change} WHERE {where}")


def remove_entry(ledger: Ledger) -> None:
    ledger.run(f"DELETE FROM journal_entry WHERE {ledger.of(ledger.place()).format('id')}")


def remove_seal(ledger: Ledger) -> None:
    ledger.run("DELETE FROM journal_seal WHERE number = :number", number=ledger.place())


def remove_both(ledger: Ledger) -> None:
    number = ledger.place()
    drop(ledger, number, number)


def close_gap(ledger: Ledger) -> None:
    """An entry is removed and all after it move up."""
    number = ledger.random.randint(1, ledger.many - 1)
    drop(ledger, number, number)
    move(ledger, number, -1)


def insert(ledger: Ledger) -> None:
    """An entry with a seal of its own stands between two others."""
    number = ledger.place()
    move(ledger, number, 1)
    write(ledger.session, 1_000)
    find = "(SELECT id FROM journal_entry WHERE about = '2026 VN-01000')"
    ledger.run(
        "INSERT INTO journal_seal (association, number, entry, previous, hash) VALUES "
        f"('alpha', :number, {find}, :previous, :hash)",
        number=number,
        previous=journal_chain.NOTHING,
        hash="a" * 64,
    )


def swap_numbers(ledger: Ledger) -> None:
    """Two entries change their places with their seals."""
    one, other = ledger.two()
    for old, new in ((one, -one), (other, one), (-one, other)):
        ledger.run("UPDATE journal_seal SET number = :new WHERE number = :old", old=old, new=new)


def swap_entries(ledger: Ledger) -> None:
    """Two entries change their places; the seals stay."""
    one, other = ledger.two()
    first, second = (entry_of(ledger, number) for number in (one, other))
    for number, entry in ((one, "0" * 32), (other, first), (one, second)):
        statement = "UPDATE journal_seal SET entry = :entry WHERE number = :number"
        ledger.run(statement, number=number, entry=entry)


def cut_off(ledger: Ledger) -> None:
    drop(ledger, ledger.place(), ledger.many)


def cut_seals_off(ledger: Ledger) -> None:
    """The entries stay and look as if they had not been sealed yet."""
    ledger.run("DELETE FROM journal_seal WHERE number >= :number", number=ledger.place())


def grow_again(ledger: Ledger) -> None:
    """The end is cut off, and others are sealed in its place until it is as long as before."""
    number = ledger.place()
    drop(ledger, number, ledger.many)
    for more in range(number, ledger.many + ledger.random.randint(1, 3)):
        write(ledger.session, 1_000 + more)
    journal_chain.extend(ledger.session, "alpha", thorough=True)


def compute_anew(ledger: Ledger) -> None:
    """An entry is changed or removed, and the whole chain is computed by the rules."""
    change = ledger.random.choice([flip_entry, flip_time, remove_both])
    change(ledger)
    reseal(ledger.session)


def compute_anew_and_go_on(ledger: Ledger) -> None:
    """As before, and the journal goes on, so that no number is missing."""
    compute_anew(ledger)
    for more in range(ledger.random.randint(1, 3)):
        write(ledger.session, 1_000 + more)
    journal_chain.extend(ledger.session, "alpha", thorough=True)


def unreadable(ledger: Ledger) -> None:
    """Values that no program of ours would write; only SQLite takes them."""
    number = ledger.place()
    where = ledger.of(number).format("entry")
    statements = [
        f"UPDATE journal_entry SET at = 'yesterday' WHERE {ledger.of(number).format('id')}",
        f"UPDATE journal_detail SET details = '{{' WHERE {where}",
        f"UPDATE journal_detail SET salt = X'ff' WHERE {where}",
        f"UPDATE journal_seal SET number = 'x' WHERE number = {number}",
    ]
    ledger.run(ledger.random.choice(statements))


TAMPERING: tuple[Tamper, ...] = (
    *(flip_entry, flip_time, flip_key, flip_association, flip_seal, flip_seal_key, flip_detail),
    *(remove_entry, remove_seal, remove_both, close_gap, insert, swap_numbers, swap_entries),
    *(cut_off, cut_seals_off, grow_again, compute_anew, compute_anew_and_go_on, unreadable),
)
# What PostgreSQL takes, too, without being told to let its foreign keys be.
ON_BOTH = (flip_entry, flip_seal, remove_seal, swap_numbers, cut_off, cut_seals_off, compute_anew)


def drop(ledger: Ledger, first: int, last: int) -> None:
    """Removes entries with all that belongs to them."""
    seals = "SELECT entry FROM journal_seal WHERE number BETWEEN :first AND :last"
    found = [row[0] for row in ledger.session.execute(text(seals), {"first": first, "last": last})]
    ledger.run("DELETE FROM journal_seal WHERE number BETWEEN :a AND :b", a=first, b=last)
    for entry in found:
        ledger.run("DELETE FROM journal_detail WHERE entry = :entry", entry=entry)
        ledger.run("DELETE FROM journal_entry WHERE id = :entry", entry=entry)


def move(ledger: Ledger, after: int, by: int) -> None:
    """Every number from one on becomes another, in two steps because a number is there once."""
    for change in ("-number - 1000", f"-number - 1000 + {by}"):
        bound = f"number >= {after}" if change == "-number - 1000" else "number < -1000"
        ledger.run(f"UPDATE journal_seal SET number = {change} WHERE {bound}")


def entry_of(ledger: Ledger, number: int) -> Any:
    statement = text("SELECT entry FROM journal_seal WHERE number = :number")
    return ledger.session.execute(statement, {"number": number}).scalar_one()


def reseal(session: Session) -> None:
    """The whole chain of alpha, computed by the rules from the rows that are there."""
    session.execute(text("DELETE FROM journal_seal"))
    session.expire_all()
    journal_chain.extend(session, "alpha", thorough=True)
