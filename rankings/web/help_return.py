"""Coming back with the number: how far it is, what was asked, more papers, no more."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence

from babel import Locale
from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import FileStorage

from rankings.adapters.evidence import Accepted, accept
from rankings.adapters.evidence_kinds import BY_ENDING, Unfit
from rankings.errors import Conflict
from rankings.usecases import associations, complaint_intake
from rankings.usecases.complaint_intake import MAX_FILE_BYTES, MAX_FILES
from rankings.web import evidence_words, help_case, reading, transaction
from rankings.web.help_base import PLACE, pages, receipts
from rankings.web.help_case import Held, Number, numbered
from rankings.web.languages import language
from rankings.web.languages import say as _

LONGEST = 4_000
NUMBER = f"{PLACE}/number"


def groups(number: str) -> list[str]:
    """Sixteen digits as people write a telephone number."""
    return [number[start : start + 4] for start in range(0, len(number), 4)]


def spoken(codes: Sequence[str]) -> str:
    """Languages by their names in the language of the page."""
    names = Locale.parse(language()).languages
    return ", ".join(names.get(code, code) for code in codes)


@pages.get(NUMBER)
def ask(association: str) -> str:
    """One field for the number."""
    with reading() as session:
        return help_case.field_page(associations.find(session, association))


@pages.post(NUMBER)
def show(association: str) -> ResponseReturnValue:
    """How far it is, and what was asked."""
    found = numbered(association)
    return _page(found) if isinstance(found, Number) else found


@pages.post(f"{NUMBER}/answer")
def answer(association: str) -> ResponseReturnValue:
    """Add the worker's words."""
    found = numbered(association)
    if not isinstance(found, Number):
        return found
    text = request.form.get("text", "").replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        return _page(found, {"text": _("Write your answer.")})
    if len(text) > LONGEST:
        said = _("This is too long. Keep it under %(number)s letters.", number=LONGEST)
        return _page(found, {"text": said})
    item = receipts().drawn_id(found.nonce, "answer")

    def add(held: Held) -> None:
        complaint_intake.reply(held.session, held.case, held.seal, text, held.month, item)

    return _done(found, add, _("We have your answer."))


@pages.post(f"{NUMBER}/papers")
def papers(association: str) -> ResponseReturnValue:
    """Add papers, cleaned of what tells where they were made."""
    found = numbered(association)
    if not isinstance(found, Number):
        return found
    taken, problems = _checked([one for one in request.files.getlist("papers") if one.filename])
    if problems:
        return _page(found, {"papers": " ".join(problems)})
    named = [
        (receipts().drawn_id(found.nonce, f"paper {place}"), _document(one))
        for place, one in enumerate(taken)
    ]

    def add(held: Held) -> None:
        for item, document in named:
            complaint_intake.add_file(
                held.session, held.case, held.seal, document, held.month, item
            )

    return _done(found, add, _("We have your papers."))


@pages.post(f"{NUMBER}/withdraw")
def withdraw(association: str) -> ResponseReturnValue:
    """Ask once more, then stop."""
    found = numbered(association)
    if not isinstance(found, Number):
        return found
    if request.form.get("confirmed") != "yes":
        return _page(found, asks=True)

    def stop(held: Held) -> None:
        complaint_intake.withdraw(held.session, held.case)

    return _done(found, stop, _("We will stop, as you wish."))


def _done(number: Number, what: Callable[[Held], None], said: str) -> ResponseReturnValue:
    """Do it and say so, or say why not."""
    try:
        help_case.do(number, what)
    except Conflict as conflict:
        return _page(number, {"": _reasons()[str(conflict)]})
    return _page(number, done=said)


def _page(
    number: Number, problems: dict[str, str] | None = None, *, done: str = "", asks: bool = False
) -> ResponseReturnValue:
    """All that the worker may know of the case."""

    def work(session: Session) -> str:
        held = help_case.held(session, number)
        if held is None:
            return help_case.field_page(associations.find(session, number.association))
        return _shown(held, number, problems or {}, done, asks)

    return transaction(work), 422 if problems else 200


def _shown(held: Held, number: Number, problems: dict[str, str], done: str, asks: bool) -> str:
    status = complaint_intake.standing(held.session, held.case).status
    return render_template(
        "help/status.html",
        association=held.association,
        number=number.digits,
        is_closed=status == "closed",
        status=_status_word(status),
        is_withdrawn=held.case.is_withdrawn,
        talk=complaint_intake.talk(held.session, held.case, held.unseal),
        papers=complaint_intake.files(held.session, held.case),
        most=MAX_FILES,
        endings=",".join(BY_ENDING),
        longest=LONGEST,
        problems=problems,
        text=request.form.get("text", "") if problems else "",
        done=done,
        asks=asks,
    )


def _status_word(status: str) -> str:
    return {
        "received": _("We have it. Nobody has read it yet."),
        "asked": _("We ask you something."),
        "checking": _("We are checking."),
        "decided": _("It is decided."),
        "closed": _("It is closed."),
    }[status]


def _reasons() -> dict[str, str]:
    return {
        complaint_intake.CLOSED: _("It is closed: nothing can be added."),
        complaint_intake.FULL: _("There is no room for more papers."),
    }


def _checked(sent: Sequence[FileStorage]) -> tuple[list[Accepted], list[str]]:
    """The papers that can be taken, and a sentence for each that cannot."""
    if not sent:
        return [], [_("Choose at least one paper.")]
    if len(sent) > MAX_FILES:
        return [], [_("There is no room for more papers.")]
    taken: list[Accepted] = []
    problems: list[str] = []
    for one in sent:
        name, body = one.filename or "", one.stream.read(MAX_FILE_BYTES + 1)
        if len(body) > MAX_FILE_BYTES:
            problems.append(_("%(name)s is larger than 5 MB.", name=name))
            continue
        try:
            taken.append(accept(name, body))
        except Unfit as unfit:
            problems.append(f"{name}: {evidence_words.sentence(unfit)}.")
    return taken, problems


def _document(one: Accepted) -> dict[str, str]:
    return {
        "name": one.name,
        "media_type": one.media_type,
        "sha256": one.stored_sha256,
        "body": b64encode(one.stored).decode(),
    }
