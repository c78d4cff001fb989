"""What the pages before a publication say: gates, states and refusals in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rankings.usecases import approvals, candidates, editions, hearings, withdrawals
from rankings.usecases.gates import AMBER, GREEN, RED, Gate
from rankings.usecases.what_moved import INDICATOR, LIMITS, ROUNDING, Change
from rankings.web.languages import say as _
from rankings.web.verification_words import seat_word
from rankings.web.words import Words, gapped


def gate_name(name: str) -> str:
    """What a gate asks."""
    return {
        "hearing": _("Every agency was heard"),
        "replies": _("Replies are moderated"),
        "disputes": _("Disputes are decided"),
        "second_opinions": _("Second opinions are given and settled"),
        "method_report": _("A change of method is explained"),
        "panel": _("Every seat of the panel is taken"),
        "complaints": _("No complaint is overdue"),
        "coverage": _("Enough members are rated"),
        "over_claims": _("Claims are not too high"),
        "languages": _("All five languages are complete"),
        "sizes": _("The files are small enough"),
        "sensitivity": _("Other rules would hardly change places"),
        "recompute": _("Scored again, it comes out the same"),
    }[name]


def gate_state(state: str) -> str:
    """The state of a gate in a word."""
    return {GREEN: _("in order"), AMBER: _("look at it"), RED: _("blocks")}[state]


def gate_told(gate: Gate) -> str:
    """The numbers behind a gate."""
    values: Mapping[str, Any] = gate.values
    if gate.name == "hearing" and not values["opened"]:
        return _("The hearing has not been opened.")
    if gate.name == "panel":
        return ", ".join(seat_word(seat) for seat in values["seats"])
    if gate.name == "languages":
        return ", ".join(values.get("missing", ()))
    if gate.name == "recompute":
        return ", ".join(values["parts"][:5])
    if gate.name == "sizes":
        kilobytes = gapped(max(1, round(values["workbook"] / 1000)))
        return _("The workbook has %(size)s kB.", size=kilobytes)
    return _told_in_numbers(gate.name, values)


def _told_in_numbers(name: str, values: Mapping[str, Any]) -> str:
    if name == "hearing":
        return _(
            "To be told: %(due)d. Not told yet: %(unserved)d. Still have time: %(running)d.",
            **values,
        )
    if name == "coverage":
        return _("Rated: %(rated)d of %(of)d. Needed: %(least)d %%.", **values)
    if name == "over_claims":
        return _("Too high: %(too_high)d of %(checked)d checked. At most %(most)d %%.", **values)
    if name == "sensitivity" and values["places"] == "bands":
        return _("Only bands will be printed, no places.")
    if name == "disputes":
        return _("Undecided: %(number)d, of these overdue: %(overdue)d.", **values)
    return _("Open: %(number)d", **values) if values.get("number") else ""


def why_moved(words: Words, change: Change) -> str:
    """One reason for a movement."""
    if change.kind == INDICATOR:
        return words.of("indicators", change.code, "question")
    if change.kind == LIMITS:
        return _("A limit of the stars")
    if change.kind == ROUNDING:
        return _("Rounding")
    return _("An adjustment of a part")


def line(words: Words, entry: Mapping[str, Any] | None) -> str:
    """An agency's line of a ranking: stars, band and score, or why it has none."""
    if entry is None:
        return _("not listed")
    if entry["band"] is None:
        return words.state(entry["state"]) if entry["state"] else _("not rated")
    return f"{words.band(entry['band'])}, {words.number(entry['score'])}"


def signed(words: Words, units: int) -> str:
    """A movement with its sign."""
    return f"{'+' if units > 0 else '−' if units < 0 else '±'}{words.number(abs(units))}"


def reasons() -> dict[str, str]:
    """The refusals of this part in the language of the page."""
    return {
        approvals.NOT_PROVED: _("Prove who you are again: it is more than ten minutes ago."),
        approvals.NOT_YOU: _("Your role does not include this."),
        approvals.SAME_PERSON: _("Whoever prepared it does not approve it: somebody else must."),
        approvals.PREPARED_ALREADY: _("Somebody has prepared this candidate already."),
        approvals.APPROVED_ALREADY: _("This candidate has been approved already."),
        approvals.NOT_PREPARED: _("Nobody has prepared this candidate yet."),
        approvals.NOT_APPROVED: _("Two persons who may do that now have to stand for it."),
        approvals.CHANGED: _("The candidate has changed since you saw it: look at it again."),
        approvals.VOID: _("This candidate does not stand any more."),
        candidates.NO_CANDIDATE: _("Nothing has been scored yet."),
        candidates.NO_CORRECTION: _("It is published. A correction begins with its reason."),
        editions.BLOCKED_SHORT: _("A gate blocks: it cannot be prepared yet."),
        editions.TOO_EARLY: _("The planned time of publication has not come."),
        hearings.OPEN_ALREADY: _("The hearing has been opened already."),
        hearings.NO_REASON: _("A correction says why."),
        hearings.TOO_EARLY: _("The cut-off day has not passed: what is judged could still change."),
        hearings.SERVED: _("This agency has been told already."),
        hearings.NOT_DUE: _("Nothing changes for this agency: it needs no notice."),
        withdrawals.ASKED: _("Somebody has asked for this withdrawal already."),
        withdrawals.NOT_ASKED: _("Nobody has asked for this withdrawal."),
        withdrawals.WITHDRAWN: _("This edition is withdrawn already."),
    }
