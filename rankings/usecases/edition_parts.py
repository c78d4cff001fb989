"""The parts of an edition as plain values: everything public, numbers as whole units or n/d."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.models import AssessmentCycle, Association
from rankings.scoring.bands import Limiter
from rankings.scoring.exact import fraction_text
from rankings.scoring.fees import FeeCap, Limit, Money, Wage, valid_on
from rankings.scoring.rank import Placing, rank, standing
from rankings.scoring.receipt import Line, receipt
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import Scorecard, Scorer
from rankings.usecases.cycles import source_of

RANKING, RUBRIC, FEE_CAPS = "ranking", "rubric", "fee-caps"


@dataclass(frozen=True, slots=True)
class Scored:
    """One agency of the edition: its public code and name, and how it scored."""

    code: str
    name: str
    card: Scorecard


def parts(
    association: Association,
    cycle: AssessmentCycle,
    scorer: Scorer,
    scored: Iterable[Scored],
    caps: Iterable[FeeCap] = (),
) -> dict[str, bytes]:
    """Every part by name: the ranking, the rubric, the legal fee caps, and one per agency."""
    listed = sorted(scored, key=lambda one: one.code)
    placings = rank(
        scorer.rubric, (s for one in listed if (s := standing(scorer.rubric, one.card)))
    )
    entries = [_entry(scorer.rubric, one, placings.get(one.code)) for one in listed]
    source = source_of(cycle)
    ranking = {
        "association": {"code": association.id, "name": association.name},
        "cycle": {"slug": cycle.slug, "name": cycle.name, "as_of": cycle.as_of.isoformat()},
        "rubric": {"code": cycle.rubric_code, "version": cycle.rubric_version},
        "decimals": scorer.rubric.scale.decimals,
        "entries": sorted(entries, key=_place),
    }
    found: dict[str, Mapping[str, Any]] = {
        RANKING: ranking,
        RUBRIC: {"document": source.document, "labels": dict(source.labels)},
        FEE_CAPS: {"caps": _caps(association, cycle, caps)},
    }
    for one, entry in zip(listed, entries, strict=True):
        found[agency_part(one.code)] = entry | _reasons(scorer, one.card)
    return {name: canonical(value) for name, value in found.items()}


def agency_part(code: str) -> str:
    """The name of an agency's part."""
    return f"agencies/{code}"


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785 for what a part holds: objects, lists, texts, whole numbers, true, false, null."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _caps(
    association: Association, cycle: AssessmentCycle, caps: Iterable[FeeCap]
) -> list[dict[str, Any]]:
    """The caps for workers from the association's country on the cycle's day, broadest first."""
    held = [cap for cap in caps if cap.origin == association.country and valid_on(cap, cycle.as_of)]
    return [_cap(cap) for cap in sorted(held, key=_cap_order)]


def _cap_order(cap: FeeCap) -> tuple[str, str, int, int]:
    # "*" sorts before every code and word.
    least, most = cap.contract_months_from or 0, cap.contract_months_to or 0
    return cap.destination, cap.programme, least, most


def _cap(cap: FeeCap) -> dict[str, Any]:
    return {
        "destination": cap.destination,
        "programme": cap.programme,
        "contract_months_from": cap.contract_months_from,
        "contract_months_to": cap.contract_months_to,
        "limit": _limit(cap.limit),
        "valid_from": cap.valid_from.isoformat(),
        "valid_to": cap.valid_to and cap.valid_to.isoformat(),
        "legal_reference": cap.legal_reference,
        "source": cap.source,
        "verified": cap.verified,
    }


def _limit(limit: Limit) -> dict[str, Any]:
    if isinstance(limit, Money):
        return {"kind": "amount", "units": limit.units, "currency": limit.currency}
    if not isinstance(limit, Wage):
        return {"kind": "zero"}
    most = limit.at_most_months
    return {
        "kind": "months_of_wage",
        "months": fraction_text(limit.months),
        "per_contract_months": limit.per_contract_months,
        "at_most_months": None if most is None else fraction_text(most),
    }


def _place(entry: Mapping[str, Any]) -> tuple[bool, int, str]:
    return entry["rank"] is None, entry["rank"] or 0, entry["code"]


def _entry(rubric: Rubric, one: Scored, placing: Placing | None) -> dict[str, Any]:
    card = one.card
    return {
        "code": one.code,
        "name": one.name,
        "state": card.state,
        "score": _units(rubric, card.published),
        "points": _units(rubric, card.points),
        "band": placing.band if placing else None,
        "points_band": card.points_band,
        "rank": placing.rank if placing else None,
        "confidence": None if card.confidence is None else fraction_text(card.confidence),
    }


def _units(rubric: Rubric, value: Fraction | None) -> int | None:
    return None if value is None else int(value * 10**rubric.scale.decimals)


def _reasons(scorer: Scorer, card: Scorecard) -> dict[str, Any]:
    if card.workings is None:
        return {"receipt": None}
    found = receipt(scorer, card)
    return {
        "receipt": {
            "reachable": found.reachable,
            "lines": [_line(line) for line in found.lines],
            "nodes": _nodes(scorer, card),
            "steps": [
                {"node": node, "step": step, "amount": amount} for node, step, amount in found.steps
            ],
            "limiters": [_limiter(scorer.rubric, one) for one in found.limiters],
        }
    }


def _line(line: Line) -> dict[str, Any]:
    told = [fraction_text(one) if isinstance(one, Fraction) else one for one in line.told]
    return {
        "indicator": line.indicator,
        "basis": line.basis,
        "told": told,
        "share": fraction_text(line.share),
        "earned": line.earned,
        "lost_performance": line.lost_performance,
        "lost_unchecked": line.lost_unchecked,
    }


def _nodes(scorer: Scorer, card: Scorecard) -> dict[str, str | None]:
    workings = card.workings
    if workings is None:
        return {}
    places = ((node.id, scorer.tree.places[node.id]) for node in scorer.rubric.nodes)
    values = ((code, workings.value(place)) for code, place in places)
    return {code: None if value is None else fraction_text(value) for code, value in values}


def _limiter(rubric: Rubric, limiter: Limiter) -> dict[str, Any]:
    return {
        "kind": limiter.kind,
        "code": limiter.code,
        "of": limiter.of,
        "ceiling": rubric.bands[limiter.ceiling].id,
        "amount": _units(rubric, limiter.amount),
    }
