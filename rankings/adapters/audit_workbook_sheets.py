"""The sheets of an auditor's workbook that are its own: Findings, Visit, Lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from openpyxl.worksheet.datavalidation import DataValidation

from rankings.adapters.assessment_workbook_page import (
    BEFORE,
    HEADER,
    INPUT,
    KEY,
    LOCKED,
    QUESTION,
    Book,
    Page,
    Style,
    Text,
)
from rankings.adapters.assessment_workbook_sheets import listed
from rankings.adapters.assessment_workbook_words import Words
from rankings.adapters.audit_workbook_reading import (
    COLUMNS,
    FINDINGS,
    METHOD,
    VISIT,
    VISIT_COLUMNS,
    VISITED_ON,
)
from rankings.adapters.audit_workbook_words import (
    headings,
    list_headings,
    methods,
    visit_headings,
    visit_lines,
)
from rankings.adapters.workbook_sheets import (
    HEADER_HEIGHT,
    HEADER_ROWS,
    MAX_PROMPT,
    Layout,
    cut,
    offer,
    one_of,
    rows,
)
from rankings.adapters.workbook_sheets import lists as empty_lists
from rankings.scoring.rules import Indicator, Level

# Serial numbers of spreadsheets count from here.
DAY_ZERO = date(1899, 12, 30)
ISO = "yyyy-mm-dd"
STYLES: Mapping[str, Style] = {
    "id": LOCKED,
    "article": LOCKED,
    "question": QUESTION,
    "claim": LOCKED,
    "claim_note": LOCKED,
    "claim_evidence": LOCKED,
    "finding": INPUT,
    "reason": INPUT,
    "finding_before": BEFORE,
    "reason_before": BEFORE,
}
LAYOUT = Layout(
    name=FINDINGS,
    widths=dict(zip(COLUMNS, (7, 18, 34, 25, 30, 28, 27, 36, 24, 28), strict=True)),
    styles=STYLES,
    values=("claim", "finding", "finding_before"),
    chosen="finding",
    prose="reason",
    printed="reason",
    # What counts as evidence is what an auditor looks for.
    hint="evidence",
)
ENTRY, ENTRY_DAY = replace(INPUT, size=11), replace(INPUT, size=11, format=ISO)
ENTRY_HEIGHT = 30.0


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in the row of an indicator; evidence is name and SHA-256."""

    claim: str = ""
    claim_note: str = ""
    evidence: Sequence[tuple[str, str]] = ()
    found: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """When and how it was checked, on which days and in which ways it can have been."""

    first: date
    last: date
    methods: Sequence[str]
    visited_on: date | None = None
    method: str = ""


def findings(
    book: Book, words: Words, lines: Sequence[tuple[Indicator, Line]], footer: str
) -> Page:
    """What the agency says, what has been found so far, and room to change it."""
    cells = [(indicator, _cells(words, indicator, line)) for indicator, line in lines]
    return rows(book, LAYOUT, headings(words.say), cells, footer)


def _cells(words: Words, indicator: Indicator, line: Line) -> Mapping[str, str]:
    choices = words.choices(indicator)
    found = choices.get(line.found, line.found)
    return {
        "id": indicator.id,
        "article": words.article(indicator),
        "question": words.question(indicator),
        "claim": choices.get(line.claim, line.claim),
        "claim_note": line.claim_note,
        "claim_evidence": listed(line.evidence),
        "finding": found,
        "reason": line.reason,
        "finding_before": found,
        "reason_before": line.reason,
    }


def lists(
    book: Book, words: Words, indicators: Sequence[Indicator], visit: Visit, footer: str
) -> dict[str, str]:
    """What can be chosen with what it means; where the choices of each indicator stand.

    Those of the method stand by its own id.
    """
    page = empty_lists(book, (9, 56, 46, 70), list_headings(words.say), footer)
    found = {METHOD: offer(page, METHOD, visit_lines(words.say)[METHOD], _methods(words, visit))}
    for one in indicators:
        found[one.id] = offer(page, one.id, words.question(one), _choices(words, one))
    return found


def _methods(words: Words, visit: Visit) -> list[tuple[str, str]]:
    return [(methods(words.say)[one], "") for one in visit.methods]


def _choices(words: Words, indicator: Indicator) -> list[tuple[str, str]]:
    return [
        (label, _meaning(words, indicator, value))
        for value, label in words.choices(indicator).items()
    ]


def _meaning(words: Words, indicator: Indicator, value: str) -> str:
    if not isinstance(indicator.rule, Level):
        return ""
    return words.of("indicators", indicator.id, "options", value, "reason")


def visit_sheet(book: Book, words: Words, visit: Visit, footer: str) -> Page:
    """The day and the method, an entry a row."""
    page = book.page(VISIT, (14, 40, 40, 32), footer)
    page.add(*(Text(column, KEY) for column in VISIT_COLUMNS))
    page.add(*(Text(name, HEADER) for name in visit_headings(words.say)), lowest=HEADER_HEIGHT)
    day = str((visit.visited_on - DAY_ZERO).days) if visit.visited_on else ""
    method = methods(words.say).get(visit.method, visit.method)
    entries = {
        VISITED_ON: (Text(day, ENTRY_DAY, True), Text(day, replace(BEFORE, format=ISO), True)),
        METHOD: (Text(method, ENTRY), Text(method, BEFORE)),
    }
    for identity, label in visit_lines(words.say).items():
        texts = (Text(identity, LOCKED), Text(label, QUESTION), *entries[identity])
        page.add(*texts, lowest=ENTRY_HEIGHT)
    return page


def validate_visit(page: Page, words: Words, visit: Visit, ways: str) -> None:
    """What may be typed there; `ways` is where the methods stand."""
    rules = {VISITED_ON: _days(words, visit), METHOD: _ways(words, ways)}
    for row, identity in enumerate(visit_lines(words.say), start=HEADER_ROWS + 1):
        rules[identity].allow_blank = True
        rules[identity].add(f"C{row}")
        page.sheet.add_data_validation(rules[identity])


def _days(words: Words, visit: Visit) -> DataValidation:
    _, ends = words.say, {"first": visit.first.isoformat(), "last": visit.last.isoformat()}
    said = _("A day from %(first)s to %(last)s, like 2026-03-01.") % ends
    rule = DataValidation(
        type="date",
        operator="between",
        formula1=str((visit.first - DAY_ZERO).days),
        formula2=str((visit.last - DAY_ZERO).days),
        showErrorMessage=True,
        error=cut(said, MAX_PROMPT),
    )
    rule.prompt, rule.showInputMessage = rule.error, True
    return rule


def _ways(words: Words, area: str) -> DataValidation:
    _ = words.say
    return one_of(area, _("Choose from the list of the cell."))
