"""Is an edition the newest one? What a notice of the same association says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rankings.adapters.bundle import Bundle
from rankings.adapters.key_trust import Trust
from rankings.errors import Invalid, Problem, Refusal


class Stale(Refusal):
    """The edition is genuine, but it is not the newest one."""


def read(trust: Trust, body: bytes) -> Mapping[str, Any]:
    """The notice in a signed document; Invalid where it was not signed by a trusted key."""
    return trust.notice(body)


def check_listed(bundle: Bundle, notice: Mapping[str, Any]) -> None:
    """Invalid where a notice is another association's, or does not list an edition."""
    code = bundle.manifest["association"]["code"]
    if notice["association"]["code"] != code:
        raise _refused(f"is not a notice of {code}")
    if all(one["digest"] != bundle.digest for one in notice["editions"]):
        said = f"notice {notice['number']} of {notice['issued_on']} does not list this edition"
        raise _refused(f"{said}: the notice is older, or it was never published")


def check_newest(bundle: Bundle, notice: Mapping[str, Any]) -> None:
    """Stale where a newer edition of the cycle, or one of a newer cycle, is the current one."""
    manifest, newest = bundle.manifest, notice["editions"][0]
    cycle, number = manifest["cycle"]["slug"], manifest["number"]
    last = max(one["number"] for one in notice["editions"] if one["cycle"] == cycle)
    if newest["digest"] == bundle.digest:
        return
    by = f"notice {notice['number']} of {notice['issued_on']}"
    if last > number:
        said = f"edition {last} of cycle {cycle} is newer than this edition {number}"
    else:
        said = f"cycle {newest['cycle']}, edition {newest['number']} is the current ranking"
    raise Stale(f"stale: genuine, but {said}; {by}")


def _refused(remedy: str) -> Invalid:
    return Invalid([Problem("notice", "", remedy)])
