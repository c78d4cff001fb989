"""The form of the help pages: what is asked, what was typed, what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale
from flask import request

from rankings.usecases.complaint_intake import AUDIENCES, MAY_COUNT, TOPICS
from rankings.web import case_words
from rankings.web.languages import language
from rankings.web.languages import say as _

LONGEST = {"company": 200, "happened": 8_000, "since": 40, "amount": 40, "contact": 200}
# Where most workers of the three countries go, and their own.
COUNTRIES = (
    *("JP", "KR", "TW", "MY", "TH", "SG", "HK", "MO", "CN", "AE", "SA", "QA", "KW", "JO"),
    *("RO", "PL", "HU", "DE", "RU", "AU", "VN", "KH", "MM", "LA"),
)
CURRENCIES = (
    *("VND", "KHR", "MMK", "USD", "JPY", "KRW", "TWD", "MYR", "THB", "SGD", "HKD", "CNY"),
    *("AED", "SAR", "QAR", "EUR"),
)
TELL = ("no", "yes")
CHOICES: dict[str, tuple[str, ...]] = {
    "topic": ("", *TOPICS),
    "country": ("", *COUNTRIES, "other"),
    "currency": ("", *CURRENCIES),
    "may_count": MAY_COUNT,
    "may_tell_agency": TELL,
    "audience": AUDIENCES,
}
# What is chosen until something else is: whatever tells the least.
USUAL = {"may_count": "later", "may_tell_agency": "no", "audience": "association"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What was typed, by field; every field is there."""

    values: dict[str, str]

    @classmethod
    def empty(cls, company: str = "") -> Sent:
        """Nothing typed yet."""
        return cls(dict.fromkeys((*LONGEST, *CHOICES), "") | USUAL | {"company": company})

    @classmethod
    def typed(cls) -> Sent:
        """The form of this request; spaces around and line ends of other systems are dropped."""
        given = {name: request.form.get(name, "") for name in (*LONGEST, *CHOICES)}
        plain = {
            name: text.replace("\r\n", "\n").replace("\0", "").strip()
            for name, text in given.items()
        }
        return cls(plain | {name: plain[name] or usual for name, usual in USUAL.items()})

    def problems(self) -> dict[str, str]:
        """A sentence for each field that cannot be taken."""
        found = {name: text for name, text in _missing().items() if not self.values[name]}
        for name, most in LONGEST.items():
            if len(self.values[name]) > most:
                found[name] = _("This is too long. Keep it under %(number)s letters.", number=most)
        for name, known in CHOICES.items():
            if self.values[name] not in known:
                found[name] = _("Choose one of these.")
        return found

    def report(self, day: str) -> dict[str, str]:
        """What is sealed."""
        return self.values | {"language": language(), "day": day}


def labels() -> dict[str, dict[str, str]]:
    """The words of every choice in the language of the page."""
    spoken = Locale.parse(language())
    places = {code: spoken.territories.get(code, code) for code in COUNTRIES}
    money = {code: f"{code} – {spoken.currencies.get(code, code)}" for code in CURRENCIES}
    return {
        "topic": {"": _("Not said")} | {one: case_words.category(one) for one in TOPICS},
        "country": {"": _("Not said")} | places | {"other": _("Another country")},
        "currency": {"": _("Not said")} | money,
        "may_count": {
            "yes": _("Yes, count it"),
            "no": _("No"),
            "later": _("Ask me later"),
        },
        "may_tell_agency": {
            "no": _("No"),
            "yes": _("Yes, a summary without my name"),
        },
        "audience": {
            "association": _("Only the association"),
            "ministry": _("Also the ministry of labour"),
            "union": _("Also a trade union"),
        },
    }


def _missing() -> dict[str, str]:
    return {
        "company": _("Write which company it is about."),
        "happened": _("Write what happened."),
    }
