"""Checks of caps: each has a cause, a ceiling, and an end."""

from __future__ import annotations

from collections.abc import Iterator

from rankings.scoring.rubric import Cap, Rubric

Found = Iterator[tuple[str, str]]


def cap_problems(rubric: Rubric) -> Found:
    """Problems of every cap, each under its own place."""
    if rubric.caps and not rubric.bands:
        yield "caps", "there are caps but no bands to limit"
        return
    order = [band.id for band in rubric.bands]
    for cap in rubric.caps:
        for key, sentence in (*_codes(rubric, cap, order), *_cause(cap), *_relaxed(cap, order)):
            yield f"caps[{cap.id}]{key and '.'}{key}", sentence


def _codes(rubric: Rubric, cap: Cap, order: list[str]) -> Found:
    if cap.ceiling not in order:
        yield "ceiling", f"{cap.ceiling!r} is not a band"
    for code in cap.findings:
        if code not in rubric.finding_codes:
            yield "findings", f"{code!r} is an unknown code; see finding_codes"


def _cause(cap: Cap) -> Found:
    """A recorded finding that ends, or a condition that ends by itself."""
    ends = [end for end in (cap.months, cap.until) if end]
    if bool(cap.findings) is (cap.when is not None):
        yield "", "needs either findings = [...] or when = {...}"
    if cap.findings and len(ends) != 1:
        yield "", "a cap needs one end: months = ... or until = ..."
    if cap.when and (ends or cap.relaxed_when):
        yield "", "a cap with when ends with its condition; remove months, until, relaxed"


def _relaxed(cap: Cap, order: list[str]) -> Found:
    if cap.relaxed_ceiling is None:
        return
    if not cap.months:
        yield "relaxed", "goes with months"
    if cap.relaxed_ceiling not in order:
        yield "relaxed.ceiling", f"{cap.relaxed_ceiling!r} is not a band"
    elif cap.ceiling in order and order.index(cap.relaxed_ceiling) >= order.index(cap.ceiling):
        yield "relaxed.ceiling", "must be a better band than the ceiling"
