"""Documents as TOML text: what is written is read again, digit by digit."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.adapters import rubric_files
from rankings.scoring import writing
from rankings.scoring.source import toml

RUBRICS = sorted((Path(__file__).resolve().parents[2] / "fixtures" / "rubrics").iterdir())
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-9, max_value=9)
PLAIN = st.one_of(
    st.text(st.characters(codec="utf-8")),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    NUMBERS,
    st.dates(),
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), VALUES, max_size=5))
def test_any_document_is_read_as_it_was_written(values: dict[str, Any]) -> None:
    assert toml("x.toml", writing.document(values)) == values
    assert toml("x.toml", writing.nested(values)) == values


@pytest.mark.parametrize("folder", RUBRICS, ids=lambda folder: folder.name)
def test_a_rubric_written_anew_means_the_same_and_keeps_its_comments(folder: Path) -> None:
    source = rubric_files.source(folder)
    values = toml("rubric.toml", source.document)
    text = writing.document(values, writing.comments_of(source.document))
    assert toml("rubric.toml", text) == values
    assert writing.comments(text) == writing.comments(source.document) > 0


@pytest.mark.parametrize("folder", RUBRICS, ids=lambda folder: folder.name)
def test_labels_written_anew_are_the_very_text(folder: Path) -> None:
    for language, text in rubric_files.source(folder).labels.items():
        assert writing.nested(toml(language, text)) == text


def test_a_comment_stays_above_its_entry_when_others_come_before() -> None:
    text = '# head\n\ncode = "a"\n\n# second\n[[nodes]]\nid = "two"\n'
    values = toml("x", text)
    values["nodes"].insert(0, {"id": "one"})
    written = writing.document(values, writing.comments_of(text))
    assert written.startswith("# head\n")
    assert '# second\n[[nodes]]\nid = "two"' in written


def test_numbers_and_days_keep_their_form() -> None:
    assert writing.inline([Decimal("0.70"), Decimal("1E+3"), date(2026, 1, 2), True]) == (
        "[0.70, 1000, 2026-01-02, true]"
    )


def test_what_toml_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError):
        writing.inline(None)
