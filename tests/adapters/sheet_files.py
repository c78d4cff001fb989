"""Tables to read: where they are written, and any table of clean text."""

from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import strategies as st

from rankings.adapters import sheets
from rankings.errors import Invalid

VIETNAMESE = normalize("NFD", "Công ty Hữu hạn Nước Việt")
Table = tuple[list[str], list[list[str]]]


def written(folder: Path, content: bytes, name: str = "table.xlsx") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def refused(file: Path) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        sheets.read(file)
    return [str(problem) for problem in refusal.value.problems]


CLEAN = st.text(
    st.characters(categories=["L", "M", "N", "P", "S", "Zs"], include_characters="\n\t"),
    max_size=12,
).filter(lambda text: "_x" not in text)
NAMES = st.lists(
    st.text(st.characters(categories=["L"]), min_size=1, max_size=8),
    min_size=1,
    max_size=5,
    unique_by=lambda name: normalize("NFC", name).casefold(),
)
TABLES = NAMES.flatmap(
    lambda names: st.tuples(
        st.just(names),
        st.lists(st.lists(CLEAN, min_size=len(names), max_size=len(names)), max_size=6),
    )
)


def expected(table: Table) -> list[tuple[str, ...]]:
    lines = [tuple(normalize("NFC", cell).strip() for cell in line) for line in table[1]]
    return [tuple(normalize("NFC", name) for name in table[0]), *filter(any, lines)]
