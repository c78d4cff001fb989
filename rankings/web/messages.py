"""The secretariat's page of messages: what waits, what is in doubt, what was sent to whom."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from rankings.adapters import message_texts
from rankings.errors import NotFound
from rankings.models import Association, Message
from rankings.usecases import associations, outbox, outbox_reading
from rankings.web import act, reading, settings, transaction
from rankings.web.account_parts import go
from rankings.web.languages import language
from rankings.web.languages import say as _

pages = Blueprint("messages", __name__)

MESSAGES = "/<association>/staff/messages/"


@pages.get(MESSAGES)
def show(association: str) -> ResponseReturnValue:
    """What is in doubt and what waits on the first page; then what was sent, fifty a page."""
    number = request.args.get("page", 1, int)
    with reading() as held:
        whose = associations.find(held, association)
        if number < 1:
            raise NotFound("There is no such page.")
        sent = outbox_reading.lines(held, association, "sent", number)
        if number > sent.last:
            raise NotFound("There is no such page.")
        return render_template(
            "messages/show.html",
            association=whose,
            troubled=outbox_reading.lines(held, association, "troubled"),
            waiting=outbox_reading.lines(held, association, "waiting"),
            sent=sent,
            number=number,
            can_send=bool(settings().smtp_url),
            subject=lambda message: _subject(whose, message),
            state_word=state_word,
            told=_told,
        )


@pages.post(f"{MESSAGES}<uuid:message>/again")
def again(association: str, message: UUID) -> ResponseReturnValue:
    """Let a message be sent again that was given up, or that may have been sent."""
    transaction(lambda held: outbox.again(held, association, message, act()))
    return go("messages.show", association=association)


def state_word(state: str) -> str:
    """How far a message is."""
    return {
        outbox.WAITING: _("Waits"),
        outbox.SENDING: _("Is being sent"),
        outbox.SENT: _("Sent"),
        outbox.UNSURE: _("Perhaps sent"),
        outbox.GIVEN_UP: _("Given up"),
    }[state]


def reasons() -> dict[str, str]:
    """Why a message cannot be sent again, in the language of the page."""
    return {outbox.SENT_ALREADY: _("This message has been sent in the meantime.")}


def _told(message: Message) -> tuple[str, str]:
    """What went wrong and the language of that: our own words, or those of the server."""
    ours = {
        outbox.DIED: _("The sender ended before the server's answer was noted."),
        outbox.NO_READER: _("The account is disabled, or its role here has ended."),
    }
    known = ours.get(message.told)
    return (known, "") if known else (message.told, "en")


def _subject(whose: Association, message: Message) -> str:
    """The subject as this page's reader would get it; the kind where it cannot be written."""
    place = message_texts.Place(whose.id, whose.name, whose.time_zone, settings().base_url)
    try:
        return message_texts.text(message.kind, language(), message.values, place).subject
    except (KeyError, ValueError):
        return message.kind
