"""Whatever happens to a rubric's values or text, it is read or refused, and nothing else."""

import copy
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.scoring.labels import parse_labels
from rankings.scoring.parse import parse
from rankings.scoring.reading import RubricError
from rankings.scoring.source import RubricSource, read
from tests.scoring.rubric_base import BASE, ENGLISH

SCALARS = st.one_of(
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, -1, 10**29, 10**400]),
    st.decimals(allow_nan=False),
    st.sampled_from(
        [Decimal("1e999999999"), Decimal("-0"), Decimal("1e-30"), Decimal("inf"), Decimal("nan")]
    ),
    st.text(max_size=8),
    st.sampled_from(["total", "fees", "conduct", "no-fee", "good", "audit", "start", "1.0.0", "{"]),
    st.dates(),
)
KEYS = st.sampled_from(["id", "of", "when", "is", "not", "all", "x", "points", "audit", "option"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
CHANGES = st.lists(
    st.tuples(
        st.integers(min_value=0),
        st.sampled_from(["delete", "duplicate", "replace", "replace"]),
        VALUES,
        st.integers(min_value=0),
    ),
    min_size=1,
    max_size=4,
)
RUBRIC = parse(tomllib.loads(BASE, parse_float=Decimal))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document: what holds it, and its key there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, held in inner:
        yield value, key
        if isinstance(held, dict | list):
            yield from places(held)


def changed(text: str, changes: list[tuple[int, str, Any, int]]) -> dict[str, Any]:
    """A document after all changes."""
    document = tomllib.loads(text, parse_float=Decimal)
    for at, how, value, other in changes:
        found = [*places(document)] or [(document, "code")]
        holder, key = found[at % len(found)]
        if how == "replace":
            holder[key] = copy.deepcopy(value)
        elif how == "delete":
            holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
        elif isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif key in holder:
            holder[[*holder][other % len(holder)]] = copy.deepcopy(holder[key])
    return document


@settings(derandomize=True, deadline=None, max_examples=600, database=None)
@given(CHANGES)
def test_any_change_of_a_rubric_is_read_or_refused(
    changes: list[tuple[int, str, Any, int]],
) -> None:
    document = changed(BASE, changes)
    with suppress(RubricError):
        parse(document)


@settings(derandomize=True, deadline=None, max_examples=300, database=None)
@given(CHANGES)
def test_any_change_of_labels_is_read_or_refused(changes: list[tuple[int, str, Any, int]]) -> None:
    document = changed(ENGLISH, changes)
    with suppress(RubricError):
        parse_labels(RUBRIC, "en", document)


@settings(derandomize=True, deadline=None, max_examples=300, database=None)
@given(
    st.integers(0, len(BASE)), st.integers(0, 40), st.text(max_size=6) | st.integers(0, len(BASE))
)
def test_any_cut_or_paste_of_the_text_is_read_or_refused(
    at: int, length: int, pasted: str | int
) -> None:
    put = pasted if isinstance(pasted, str) else BASE[pasted : pasted + length]
    with suppress(RubricError):
        read(RubricSource(BASE[:at] + put + BASE[at + length :]))
