"""What an invented agency claimed, and what the auditors wrote down: rows of both files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from rankings.invented.agencies import Agency, Cycle, Row
from rankings.invented.answers import AUDIT, DOCUMENT, OUTDATED, SELF, Found, Habits, Teller
from rankings.invented.plots import PLOTS
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Level
from rankings.scoring.source import Code

# Fewer than the rubric needs to speak of over-claiming.
BOASTS = 4
SERIOUS = {
    "passport_retention": "passport_retention",
    "forced_labour": "forced_labour",
    "fee_repaid": "illegal_fee",
    "fee_owed": "illegal_fee",
}
# Labels stand for ids now and then, in English or in the association's own language.
LANGUAGES = {"vidu": ("en", "vi"), "kamru": ("en", "km"), "upama": ("en", "my")}
REASONS = {
    "vidu": (
        "Hồ sơ lấy ngẫu nhiên cho thấy mức khác với tự đánh giá.",
        "Ten files drawn at random show another level than claimed.",
        "Nhân viên trả lời khác với văn bản.",
    ),
    "kamru": (
        "ឯកសារដែលបានពិនិត្យខុសពីអ្វីដែលបានរាយការណ៍។",
        "The files that were seen do not bear the claim out.",
    ),
    "upama": (
        "စစ်ဆေးခဲ့သော စာရွက်စာတမ်းများနှင့် မကိုက်ညီပါ။",
        "The files that were seen do not bear the claim out.",
    ),
}

SERIOUS_REASON = "Seen and heard on the day named; the papers are in the audit file."


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an agency: the day, and by whom."""

    day: date
    auditor: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One agency in one cycle on its way to rows."""

    agency: Agency
    cycle: Cycle
    code: Code
    habits: Habits
    found: Mapping[str, Found]
    random: Random

    @property
    def silent(self) -> bool:
        return self.agency.story(self.cycle) == "silent"


def sheet(
    teller: Teller, code: Code, agency: Agency, cycle: Cycle, found: Mapping[str, Found]
) -> Sheet:
    """The sheet of an agency whose answers have been found."""
    random = agency.random(teller.seed, "sheet", cycle.id)
    return Sheet(agency, cycle, code, teller.habits(agency), found, random)


def rows(one: Sheet) -> tuple[list[Row], list[Row]]:
    """The rows of the self-assessment, and those of the findings."""
    claims = {} if one.silent else _claims(one)
    submitted = one.cycle.opened_on + timedelta(days=one.random.randrange(20, 60))
    assessed: list[Row] = [
        {
            "agency": one.agency.licence,
            "submitted_on": submitted,
            "indicator": code,
            "answer": _worded(one, code, claim),
        }
        for code, claim in claims.items()
    ]
    findings = [*_findings(one, claims, _checks(one, submitted)), *_serious(one)]
    return assessed, findings


def _claims(one: Sheet) -> dict[str, str | int]:
    """What the agency says of itself, in the order of the rubric."""
    boasts = _boasts(one)
    claims: dict[str, str | int] = {}
    for indicator in one.code.rubric.indicators:
        code = indicator.id
        if code in one.habits.exempt | one.habits.refused:
            claims[code] = NOT_APPLICABLE
        elif code in one.found:
            value, rule = one.found[code].value, indicator.rule
            claims[code] = value
            if code in boasts and isinstance(rule, Level):
                claims[code] = _higher(one, rule, str(value))
    return claims


def _boasts(one: Sheet) -> set[str]:
    """Which claims are higher than what was found."""
    checked = [code for code, found in one.found.items() if found.grade in (AUDIT, DOCUMENT)]
    if one.agency.story(one.cycle) == "overclaims":
        return set(checked)
    usual = [code for code in checked if one.random.random() < 0.2]
    # A disputed finding is one that the agency sees differently.
    disputed = [code for code, found in one.found.items() if found.disputed]
    return {*usual[:BOASTS], *disputed}


def _higher(one: Sheet, rule: Level, value: str) -> str:
    """One option more; whoever over-claims names the best."""
    options = [option.id for option in rule.options]
    best = len(options) - 1
    at = best if one.agency.story(one.cycle) == "overclaims" else options.index(value) + 1
    return options[min(best, at)]


def _worded(one: Sheet, code: str, claim: str | int) -> str | int:
    """The option's id, or now and then its label."""
    if isinstance(claim, int) or claim == NOT_APPLICABLE or one.random.random() > 0.012:
        return claim
    language = one.random.choice(LANGUAGES[one.agency.association])
    return one.code.labels[language].of("indicators", code, "options", claim, "label")


def _checks(one: Sheet, submitted: date) -> dict[str, Check]:
    """One look at the documents, then one visit; each by one auditor."""
    auditors = PLOTS[one.agency.association].auditors
    desk = submitted + timedelta(days=one.random.randrange(5, 13))
    visit = _between(one, submitted + timedelta(days=14), one.cycle.as_of - timedelta(days=25))
    return {
        DOCUMENT: Check(desk, one.random.choice(auditors)),
        AUDIT: Check(visit, one.random.choice(auditors)),
    }


def _findings(
    one: Sheet, claims: Mapping[str, str | int], checks: Mapping[str, Check]
) -> Iterator[Row]:
    story, found = one.agency.story(one.cycle), dict(one.found)
    if not one.silent:
        found |= {code: Found(NOT_APPLICABLE, DOCUMENT) for code in one.habits.exempt}
    checked = [code for code in _in_order(one.code.rubric, found) if found[code].grade != SELF]
    differing = [code for code in checked if claims.get(code) != found[code].value]
    decided = {*differing[:1]} if story == "dispute_decided" else set[str]()
    for code in checked:
        evidence = AUDIT if found[code].grade == AUDIT else DOCUMENT
        row = _finding(one, code, found[code], claims.get(code), checks[evidence])
        if evidence == AUDIT and one.random.random() < 0.05:
            # The desk check came to the same; the visit counts.
            first = checks[DOCUMENT]
            yield row | {"evidence": DOCUMENT, "found_on": first.day, "auditor": first.auditor}
        if found[code].disputed or code in decided:
            row |= _dispute(checks[evidence].day, decided=code in decided)
        yield row


def _in_order(rubric: Rubric, found: Mapping[str, Found]) -> list[str]:
    return [one.id for one in rubric.indicators if one.id in found]


def _finding(one: Sheet, code: str, found: Found, claim: str | int | None, check: Check) -> Row:
    reasons = REASONS[one.agency.association]
    return {
        "agency": one.agency.licence,
        "indicator": code,
        "found": found.value,
        "evidence": AUDIT if found.grade == AUDIT else DOCUMENT,
        "found_on": check.day,
        "expires_on": _expires_on(one, found.grade, check.day),
        "auditor": check.auditor,
        "reason": None if found.value == claim else one.random.choice(reasons),
    }


def _between(one: Sheet, first: date, last: date) -> date:
    return first + timedelta(days=one.random.randrange((last - first).days + 1))


def _expires_on(one: Sheet, grade: str, found_on: date) -> date | None:
    """Some documents have a last day; an outdated one had it before the cut-off."""
    if grade == OUTDATED:
        return _between(one, found_on, one.cycle.as_of - timedelta(days=1))
    if grade == DOCUMENT and one.random.random() < 0.3:
        return one.cycle.as_of + timedelta(days=one.random.randrange(30, 700))
    return None


def _dispute(found_on: date, decided: bool) -> Row:
    disputed_on = found_on + timedelta(days=7)
    return {
        "disputed_on": disputed_on,
        "decided_on": disputed_on + timedelta(days=12) if decided else None,
    }


def _serious(one: Sheet) -> Iterator[Row]:
    """The serious finding of a story, if it has one."""
    story = one.agency.story(one.cycle)
    codes = one.code.rubric.finding_codes
    word = SERIOUS.get(story, "")
    if story == "unanswered":
        word = next(code for code in codes if code.endswith("unanswered"))
    if not word:
        return
    found_on = one.cycle.opened_on + timedelta(days=75)
    yield {
        "agency": one.agency.licence,
        "serious_finding": word,
        "found_on": found_on,
        "put_right_on": found_on + timedelta(days=40) if story == "fee_repaid" else None,
        "auditor": one.random.choice(PLOTS[one.agency.association].auditors),
        "reason": SERIOUS_REASON,
    }
