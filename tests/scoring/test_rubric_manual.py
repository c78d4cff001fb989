"""docs/rubric.md and the parser know the same keys."""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rankings.scoring.labels import parse_labels
from rankings.scoring.parse import parse
from rankings.scoring.reading import Problem, RubricError
from tests.scoring.rubric_base import BASE

MANUAL = (Path(__file__).parents[2] / "docs" / "rubric.md").read_text("utf-8")
UNKNOWN = "is not a key of this format"


def toml(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def problems(document: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        parse(document)
    except RubricError as refusal:
        return refusal.problems
    return ()


def indicator(kind: str) -> str:
    return f'[[indicators]]\nid = "x"\ntype = "{kind}"\n'


TYPES = ("level", "numeric", "proportion", "rate", "points")
BANDS = (
    "[[bands]]\n",
    '[scale]\ndirection = "lower_is_better"\n[[bands]]\n',
    '[banding]\nby = "quantile"\n[[bands]]\n',
)
# Where the examples of a table of the manual stand in a rubric: any of these must know them.
HOMES = {
    "Top of the file": ("",),
    "`[scale]`": ("[scale]\n",),
    "`[evidence]`": ("[evidence]\n",),
    "`[missing]`": ("[missing]\n",),
    "`[total]` and `[[nodes]]`": ("[[nodes]]\n",),
    "key of `[banding]`": ("[banding]\n",),
    "key of a band": BANDS,
    "`[[caps]]`": ("[[caps]]\n",),
    "states": ("[[states]]\n",),
    "fields": ("[[fields]]\n",),
    "`[rank]`": ("[rank]\n",),
    "`[ranges]`": ("[ranges]\n",),
    "Indicators": tuple(indicator(kind) for kind in TYPES),
    "Recipes": ("", "[scale]\n", "[total]\n", "[rank]\n", "[[bands]]\n", *BANDS)
    + tuple(indicator(kind) for kind in TYPES),
    **{f"`{kind}`": (indicator(kind),) for kind in TYPES},
}


def sections() -> Iterator[tuple[str, str]]:
    """Every heading of the manual with the text below it."""
    parts = re.split(r"^#+ (.+)$", MANUAL, flags=re.MULTILINE)
    yield from zip(parts[1::2], parts[2::2], strict=True)


def tables() -> Iterator[tuple[str, str]]:
    """Every example in a table whose first column is a key, with the home of the table."""
    for heading, text in sections():
        home = heading
        for line in text.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            home = cells[0] if cells[0] in HOMES else home
            key = re.match(r"`(states|fields)\.", cells[0])
            at = key[1] if key else home
            if len(cells) == 3 and at in HOMES and re.fullmatch(r"`.+`", cells[2]):
                yield at, cells[2].strip("`")


def recipes() -> Iterator[tuple[str, str]]:
    """Every piece of a recipe that gives a key a value; `[x] y = 1, z = 2` is two lines of x."""
    for span in re.findall(r"`([^`]+ = [^`]+)`", dict(sections())["Recipes"]):
        header, body = re.fullmatch(r"(\[\w+\] )?(.+)", span).groups()  # type: ignore[union-attr]
        body = re.sub(r", (?=\w+ = )", "\n", body) if "{" not in body else body
        yield "Recipes", f"{header or ''}\n{body}".strip()


def indented() -> Iterator[tuple[str, str]]:
    """The indented examples of each type of indicator."""
    for heading, text in sections():
        lines = re.findall(r"^    (.+)$", text, re.MULTILINE)
        kind = heading.split(":")[0].split(",")[0]
        if kind in HOMES and lines:
            yield kind, "\n".join(lines)


EXAMPLES = [*tables(), *recipes(), *indented()]
BLOCKS = re.findall(r"^```toml\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)


def test_the_manual_has_the_examples_that_are_checked_here() -> None:
    assert {home for home, _ in EXAMPLES} == HOMES.keys()
    assert len(EXAMPLES) > 60
    assert len(BLOCKS) == 4


@pytest.mark.parametrize(("home", "example"), EXAMPLES, ids=lambda part: part[:40])
def test_every_example_of_the_manual_is_known_to_the_format(home: str, example: str) -> None:
    keys = toml(example).keys()
    starts = ("",) if example.startswith("[") else HOMES[home]
    found = [problems(toml(start + example)) for start in starts]
    assert any(
        not [one for one in each if one.key.rpartition(".")[2] in keys or UNKNOWN in one.sentence]
        for each in found
    ), found[0]


def test_every_condition_of_the_manual_can_be_written() -> None:
    table = dict(sections())["Conditions"]
    forms = [form for form in re.findall(r"`(\{ .+? \})`", table) if "=" in form]
    assert len(forms) == 7
    for form in forms:
        written = form.replace("…, …", '{ of = "a", is = 1 }').replace("…", '{ of = "a", is = 1 }')
        found = problems(toml(f'{BASE}\n[[states]]\nid = "s"\nwhen = {written}\n'))
        assert not [
            one for one in found if re.search("is not a key|needs of|must be", one.sentence)
        ]


def test_the_first_rubric_of_the_manual_is_sound() -> None:
    assert problems(toml(BLOCKS[0])) == ()


@pytest.mark.parametrize("block", BLOCKS[1:3])
def test_the_blocks_of_the_manual_hold_known_keys(block: str) -> None:
    assert not [one for one in problems(toml(block)) if UNKNOWN in one.sentence]


def test_the_labels_of_the_manual_belong_to_its_first_rubric() -> None:
    document = toml(BLOCKS[0])
    document["caps"] = [{"id": "K1", "ceiling": "poor", "when": {"of": "fees", "is": 0}}]
    document["states"] = [{"id": "too_new"}]
    document["nodes"][0]["adjust"] = [{"id": "staff-up", "at_most": 100}]
    with pytest.raises(RubricError) as refusal:
        parse_labels(parse(document), "en", toml(BLOCKS[3]))
    assert {one.sentence for one in refusal.value.problems} == {"is missing"}


def known() -> Iterator[tuple[str, str]]:
    """Every key that the parser says it knows, with its place, asked by one that it does not."""
    documents = [BASE, *(f'{start}id = "b"' for start in BANDS)]
    documents += [indicator(kind) for kind in TYPES]
    documents += ['[[states]]\nid = "s"\nwhen = { not = { all = [{ option = "x", is = "y" }] } }']
    for text in documents:
        document = toml(text)
        for table in [*every_table(document)]:
            table["unheard-of"] = 1
        for problem in problems(document):
            if UNKNOWN in problem.sentence:
                listed = problem.sentence.partition("known here: ")[2].split(", ")
                yield from ((problem.key.rpartition(".")[0], key) for key in listed)


def every_table(value: Any) -> Iterator[dict[str, Any]]:
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict):
        yield value
    for each in inner:
        if isinstance(each, dict | list):
            yield from every_table(each)


def test_every_key_that_the_parser_knows_is_named_in_the_manual() -> None:
    spans = re.findall(r"`([^`\n]+)`", MANUAL)
    blocks = [*BLOCKS, *(text for _, text in indented())]
    named = set(re.findall(r"\w+", " ".join([*spans, *blocks])))
    keys = {*known()}
    assert len(keys) > 90
    assert {(place, key) for place, key in keys if key not in named} == set()
