"""What the schedule does, in words."""

from __future__ import annotations

from rankings.usecases import calendar_steps, occurrences
from rankings.usecases.calendar_steps import STEPS
from rankings.web.languages import say as _

PUBLICATION = "publication"


def run_word(job: str, key: str) -> str:
    """A run in words, such as “Cycle 2027: the cycle opens”; one that is unknown as it is."""
    if key == occurrences.ASKING:
        return _("Find out what is due: %(job)s", job=job)
    if job == calendar_steps.JOB:
        cycle, _space, step = key.rpartition(" ")
        return _("Cycle %(cycle)s: %(step)s", cycle=cycle, step=step_word(step))
    if job == PUBLICATION:
        return _("Cycle %(cycle)s: %(step)s", cycle=key.partition(" ")[0], step=step_word(job))
    return _nightly().get(job, f"{job} {key}")


def step_word(step: str) -> str:
    """A step of a cycle in words."""
    return _steps().get(step, step) if step in STEPS else step


def reasons() -> dict[str, str]:
    """Why something cannot be done."""
    return {occurrences.IS_DONE: _("This run is done. There is nothing to try again.")}


def _steps() -> dict[str, str]:
    return {
        "opens": _("the cycle opens"),
        "reminder_14": _("reminder 14 days before the end"),
        "reminder_7": _("reminder 7 days before the end"),
        "reminder_2": _("reminder 2 days before the end"),
        "closes": _("the self-assessments close"),
        "audits_end": _("the audits end"),
        "candidate": _("the next edition is scored"),
        "hearing_opens": _("the hearing opens"),
        "hearing_ends": _("the hearing ends"),
        "approval": _("the approval is asked for"),
        "publication": _("the edition is published"),
        "next_cycle": _("the cycle after it is planned"),
    }


def _nightly() -> dict[str, str]:
    return {
        "complaint_deadlines": _("Nightly: word to case officers about overdue complaints"),
        "complaint_count": _("Nightly: the number of new complaints goes into the journal"),
        "licence_notice": _("Nightly: a new notice where a licence has expired"),
        "audits_ending": _("Nightly: word to auditors whose audits must end soon"),
        "candidates_anew": _("Nightly: editions to come are scored anew"),
        "disputes_overdue": _("Nightly: overdue disputes are escalated"),
        "hearings_running": _("Nightly: agencies that are still to be heard are told"),
        "gates_red": _("Nightly: word to the secretariat about what blocks the next edition"),
    }
