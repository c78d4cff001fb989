"""Who may use a page: every view says so, silence is an error that a test finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

ANYONE = "anyone"


def allow(*roles: str) -> Callable[[View], View]:
    """Mark a view with the roles that may use it."""

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by app and tests
        return view

    return mark
