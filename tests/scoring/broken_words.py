"""Broken label files, broken TOML, and files that cannot be read."""

from tests.scoring.broken_rubrics import RUBRIC, Broken, broken
from tests.scoring.rubric_base import BASE

ENGLISH_FILE, VIETNAMESE_FILE = "labels.en.toml", "labels.vi.toml"


def words(name: str, old: str, new: str, key: str, says: str) -> Broken:
    """One change of the English labels."""
    return Broken(name, key, says, ((old, new),), ENGLISH_FILE)


COPY = "indicators.copy-days.reason"

LABELS = [
    words("a missing title", 'title = "Code"\n', "", "title", "is missing"),
    words("no question", 'question = "Is work free of fees?"\n', "", "indicators.no-fee.question",
          "is missing"),
    words("no reason for an option", ', reason = "No worker pays a fee."', "",
          "indicators.no-fee.options.yes.reason", "is missing"),
    words("a node without label", 'papers = "Papers"\n', "", "nodes.papers", "is missing"),
    words("an empty label", '"Ten contracts."', '"  "', "indicators.copy-days.evidence",
          "not empty"),
    words("a label that is a number", '"The sheet."', "7", "indicators.contract.evidence",
          "not empty"),
    words("a label that is a table", 'title = "Code"', 'title = { en = "Code" }', "title.en",
          "belongs to nothing"),
    words("markup", '"Ask alone."', '"Ask <b>alone</b>."', "indicators.heard.guidance",
          "without markup"),
    words("a line break", '"Interviews."', '"Inter\\nviews."', "indicators.heard.evidence",
          "line breaks"),
    words("a label of 601 characters", '"Too new"', f'"{"n" * 601}"', "states.too_new.label",
          "longer than 600"),
    words("an unknown placeholder", "after {value} days", "after {days} days", COPY,
          "known: {value}"),
    words("a placeholder where none is", '"Fair until answered."', '"Until {value}."',
          "caps.K3.sentence", "none"),
    words("an empty placeholder", "has {value} points", "has {} points",
          "indicators.contract.reason", "uses {},"),
    words("a part of a placeholder", "takes {value} days", "takes {value.real} days",
          "indicators.answer-days.reason", "uses {value.real}"),
    words("a placeholder a mile wide", "{rate} complaints", "{rate:99999999} complaints",
          "indicators.rate.reason", "{rate} alone"),
    words("a placeholder as code", "of {asked} calls", "of {asked!r} calls",
          "indicators.calls.reason", "{asked} alone"),
    words("a brace that stays open", "of {asked} workers", "of {asked workers",
          "indicators.heard.reason", "not closed"),
    words("a label of nothing", "[caps]", '[caps]\nK9.label = "x"', "caps.K9.label",
          "belongs to nothing"),
    words("labels that are no TOML", "[nodes]", "[nodes", "(file)", "Expected ']'"),
    Broken("labels in an undeclared language", "(file)", "not among the languages",
           (('["en", "vi"]', '["en"]'),), VIETNAMESE_FILE, RUBRIC),
    Broken("a declared language without labels", "(file)", "is missing; the rubric declares it",
           (('["en", "vi"]', '["en", "vi", "km"]'),), "labels.km.toml", RUBRIC),
]  # fmt: skip

PENALTIES = """
code = "penalties"
version = "1.0.0"
scale = { direction = "lower_is_better" }
total = { aggregate = "sum" }
indicators = [{ id = "faults", type = "points" }]
bands = [{ id = "a", at_most = 5 }, { id = "b", at_most = 15 }, { id = "c" }]
"""


def penalties(name: str, old: str, new: str, key: str, says: str) -> Broken:
    """One change of a rubric in which fewer points are better."""
    return broken(name, BASE, PENALTIES.replace(old, new), key, says)


DOCUMENTS = [
    penalties("penalties that overlap", "at_most = 15", "at_most = 4", "bands[b].at_most",
              "4 overlaps"),
    penalties("penalties without end", 'id = "c"', 'id = "c", at_most = 99', "bands[c].at_most",
              "left out"),
    penalties("a penalty without limit", ", at_most = 5", "", "bands[a].at_most",
              "is missing: only"),
    penalties("a least penalty", "at_most = 5", "at_least = 5", "bands[a].at_least",
              "known here: at_most"),
    broken("no TOML at all", BASE, "id,score\n1,2\n", "(file)", "Expected '=' after a key"),
    broken("an empty document", BASE, "", "version", "is missing"),
    broken("a key twice", "z = 1.6449", "z = 1.6449\nz = 1.6449", "(file)",
           "Cannot overwrite a value"),
    broken("a section twice", "[rank]", "[scale]\n[rank]", "(file)",
           "Cannot declare ('scale',) twice"),
    broken("a day that does not exist", "z = 1.6449", "z = 2026-02-30", "(file)", "Invalid date"),
    broken("a list 3,000 deep", '["en", "vi"]', "[" * 3000 + "]" * 3000, "(file)",
           "is nested too deep"),
    broken("a key of 5,000 parts", "[rank]", f"z{'.a' * 5000} = 1\n[rank]", "(file)",
           "more than 30 parts"),
    broken("a quoted key of 5,000 parts", "[rank]", f"""[rank{'."a"' * 5000}]""", "(file)",
           "than 30 parts"),
    broken("200,000 escaped quotes", "[rank]", '\\"' * 200_000 + "\n[rank]", "(file)",
           "Invalid statement"),
    broken("a comment of 2,000,000 characters", "[rank]", f"#{'x' * 2_000_000}\n[rank]",
           "(file)", "is longer than 2000000 characters"),
]  # fmt: skip

WORDS = [*LABELS, *DOCUMENTS]
