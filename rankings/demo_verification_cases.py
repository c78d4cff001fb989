"""The demonstration's complaints, each as far as a case can be."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import Opened, Receipts
from rankings.demo_verification_casework import OFFICER, SECOND, SECRETARIAT, Casework
from rankings.demo_verification_desk import Desk, code
from rankings.demo_verification_stories import HELP, OTHER, OWN, STORIES, THIRD, receipt
from rankings.settings import Settings
from rankings.usecases import case_rules, complaint_keys, complaint_notes, help_lines
from rankings.usecases.case_classification import Classification
from rankings.usecases.case_rules import Decision
from rankings.usecases.journal import OPERATOR

# A receipt's slow run frees the interpreter; Receipts lets as many run at a time.
AT_ONCE = 2


def add(desk: Desk, settings: Settings) -> None:
    """Whom to call, the key of complaints, and what came in since September."""
    lines = (desk.session, desk.association, HELP, help_lines.token([]))
    help_lines.save(*lines, desk.act(SECRETARIAT, 9, 2))
    work = Casework(desk, _key(desk, settings), _opened(Receipts(settings.secret_key)))
    for name, story in STORIES.items():
        work.come_in(name, story)
    _asked(work)
    _told(work)
    _found_true(work)
    _ended(work)
    complaint_notes.note(desk.session, desk.association, desk.act(OPERATOR, 11, 23))


def _key(desk: Desk, settings: Settings) -> PrivateKeys:
    """A key that follows from the association's name, so that builds repeat."""
    seed = hashlib.sha256(f"demonstration complaints {desk.association}".encode()).digest()
    public = X25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    keys, key = PrivateKeys(settings.complaint_keys), desk.key()
    keys.put(desk.association, key, seed)
    complaint_keys.add(desk.session, desk.association, key, public, desk.act(OPERATOR, 9, 1, 3))
    return keys


def _opened(receipts: Receipts) -> dict[str, Opened]:
    """What follows from all receipts."""
    digits = {name: receipt(name) for name in STORIES}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(digits, pool.map(receipts.open, digits.values()), strict=True))


def _is(serial: int, category: str, severity: str = "moderate", **more: Any) -> Classification:
    """A complaint of a worker who agrees that it counts and that the agency is told."""
    return Classification(
        code(serial), category, severity, may_count="worker", may_tell_agency=True, **more
    )


def _asked(work: Casework) -> None:
    """A question that waits for the worker, and one that was answered."""
    work.assign("asked", SECOND, 11, 11)
    locked = Classification(
        code(OTHER),
        "forced_labour",
        "serious",
        "6",
        forced_labour=("restriction_of_movement", "isolation"),
        destination="TW",
    )
    work.classify("asked", locked, 11, 12, SECOND)
    work.ask("asked", "Cửa bị khóa từ mấy giờ đến mấy giờ?", 11, 12, SECOND)
    fee = _is(THIRD, "fees", claimed="40 000 000", currency="VND", destination="KR")
    work.classify("answered_question", fee, 11, 5)
    work.ask("answered_question", "Bạn có giấy tờ nào về khoản tiền này không?", 11, 6)
    work.reply("answered_question", "Có, tôi giữ tin nhắn của văn phòng.", "2026-11")
    work.read("merged", OFFICER, 11, 13)
    work.merge("merged", "answered_question", 11, 13)


def _told(work: Casework) -> None:
    """What the agency of the demonstration's accounts is to answer, or has answered."""
    work.classify("due", _is(OWN, "contract_substitution", destination="RO"), 10, 13)
    summary = "A worker was given other work, on a building site, than the contract says."
    work.release("due", summary, 10, 15)
    work.classify("late_answer", _is(OWN, "wages", "minor", destination="TW"), 9, 9)
    work.release("late_answer", "A worker says that rent is taken from the wage twice.", 9, 11)
    work.classify("heard", _is(OWN, "documents_withheld", "serious"), 10, 7)
    work.release("heard", "A worker says that the agency keeps a diploma.", 10, 8)
    work.answer("heard", "We keep copies only. The worker can fetch the diploma today.", 11, 16)
    work.classify("telephone", _is(OWN, "wages", workers="3", destination="TW"), 11, 17)
    work.release("telephone", "Workers say that night hours are not paid.", 11, 20)


def _found_true(work: Casework) -> None:
    """What counts: found true, remedied in time, and an agency that kept silent."""
    kept = _is(OTHER, "documents_withheld", "serious", destination="TW")
    work.classify("substantiated", kept, 9, 4)
    work.release("substantiated", "A worker says that the agency keeps a passport.", 9, 8)
    work.decide("substantiated", Decision(case_rules.SUBSTANTIATED, case_rules.DOCUMENT), 11, 5)
    twice = _is(OWN, "fees", "minor", claimed="12 000 000", recovered="12 000 000", currency="VND")
    work.classify("remedied", twice, 9, 10)
    work.release("remedied", "A worker says that the fee was taken twice.", 9, 14)
    work.answer("remedied", "That was a mistake. We have paid it back.", 10, 12)
    paid = Decision(case_rules.REMEDIED, case_rules.ADMITS, remedied_on=date(2026, 10, 9))
    work.decide("remedied", paid, 11, 3)
    work.classify("overdue", _is(THIRD, "wages", destination="MY"), 9, 15)
    work.release("overdue", "A worker says that two months of wages are missing.", 9, 16)
    work.decide("overdue", Decision(case_rules.OVERDUE), 11, 6)


def _ended(work: Casework) -> None:
    """What does not count: withdrawn, with and without the worker's own word, and rejected."""
    work.classify("withdrawn", _is(14, "deployment_delay", "minor"), 10, 20)
    work.withdraw("withdrawn")
    work.decide("withdrawn", Decision(case_rules.WITHDRAWN), 10, 29)
    work.classify("unconfirmed", _is(15, "compensation", destination="KR"), 9, 18)
    work.release("unconfirmed", "A worker waits for money after an accident at work.", 9, 22)
    work.note("unconfirmed", "The agency sent a letter of withdrawal. Nobody answers.", 11, 2)
    work.decide("unconfirmed", Decision(case_rules.UNCONFIRMED), 11, 9)
    work.classify("rejected", _is(16, "misrepresentation", "minor"), 9, 22)
    work.decide("rejected", Decision(case_rules.REJECTED, rejection="not_the_code"), 10, 20)
    work.read("closed", OFFICER, 10, 27)
    work.decide("closed", Decision(case_rules.REJECTED, rejection="not_this_agency"), 10, 27)
