"""How often ranges hold the truth: what `benchmarks/coverage.py` measured, code by code.

One place, so that every page says the same; `docs/ranges.md` says how it was measured.
"""

from __future__ import annotations

# Tenths of a percent: of the score ranges, and of the place ranges.
MEASURED = {"coc-vn": (906, 939), "kh-code": (900, 904)}


def figures(rubric: str) -> tuple[int, int] | None:
    """Out of 1,000 score ranges and of 1,000 place ranges, so many held the truth; None: untried.

    `rubric` is a code without its version.
    """
    return MEASURED.get(rubric)
