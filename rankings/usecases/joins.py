"""What ties rows of two tables of one association together."""

from __future__ import annotations

from typing import Any


def same(left: Any, right: Any, key: str) -> Any:
    """The condition that a row of `left` names, in `key`, the row of `right`."""
    return (left.association == right.association) & (getattr(left, key) == right.id)
