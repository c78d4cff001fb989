"""The worked example of the method: one agency, every kind of evidence, values known by hand."""

from decimal import Decimal
from fractions import Fraction

from rankings.scoring.record import NOT_APPLICABLE, Answer, Asked, Count, Events, Record

LEVELS = [{"id": str(at), "points": at * 25} for at in range(5)]


def _level(code: str, parent: str, weight: int, **more: object) -> dict[str, object]:
    return {"id": code, "parent": parent, "weight": weight, "type": "level"} | {
        "options": LEVELS,
        **more,
    }


NODES = [
    {"id": "conduct", "weight": 50, "weights_sum": 3},
    {"id": "voice", "weight": 25},
    {"id": "complaints", "weight": 25},
    {"id": "P1", "parent": "conduct", "weight": 2, "weights_sum": 5},
    {"id": "P2", "parent": "conduct", "weight": 1, "weights_sum": 2},
]

INDICATORS = [
    _level("i1", "P1", 3),
    _level("i2", "P1", 1),
    _level("i3", "P1", 1, not_applicable=True),
    _level("i4", "P2", 1),
    _level("i5", "P2", 1),
    {"id": "v1", "parent": "voice", "type": "proportion", "p0": Decimal("0.7"), "m": 10},
    {"id": "v2", "parent": "voice", "type": "proportion", "p0": Decimal("0.5"), "m": 10},
    {
        "id": "c1",
        "parent": "complaints",
        "type": "rate",
        "mu": 10,
        "k": Decimal("0.3"),
        "severity": {"minor": 1, "moderate": 3, "serious": 10},
        "outcome": {"substantiated": 1, "remedied": Decimal("0.5")},
        "steps": [1, Decimal("0.5"), Decimal("0.25")],
        "curve": [[0, 100], [Decimal("0.5"), 85], [1, 70], [2, 40], [4, 0]],
    },
]

BANDS = [
    {"id": "5", "at_least": 85, "pillars_at_least": 70, "confidence_at_least": 70}
    | {"interviews_at_least": 20},
    {"id": "4", "at_least": 70, "pillars_at_least": 55, "confidence_at_least": 55}
    | {"interviews_at_least": 12},
    {"id": "3", "at_least": 55, "pillars_at_least": 40, "confidence_at_least": 35},
    {"id": "2", "at_least": 40},
    {"id": "1", "at_least": 0},
]


def document() -> dict[str, object]:
    """The rubric as it would be parsed from TOML, with whole numbers and texts for decimals."""
    return {
        "code": "worked",
        "version": "1.0.0",
        "finding_codes": ["illegal_fee"],
        "evidence": {
            "credit": {"audit": 1, "document": Decimal("0.9"), "self": Decimal("0.6")},
            "confidence": {"audit": 1, "document": Decimal("0.8"), "self": Decimal("0.3")},
            "overclaim": {
                "min_found": 5,
                "rate_above": Decimal("0.20"),
                "z": Decimal("1.6449"),
                "credit_self": Decimal("0.4"),
                "ceiling": "3",
            },
        },
        "missing": {
            "empty": "not_answered",
            "min_applicable": Decimal("0.6"),
            "min_applicable_total": Decimal("0.8"),
            "disputed_above": Decimal("0.10"),
        },
        "total": {"weights_sum": 100},
        "nodes": NODES,
        "indicators": INDICATORS,
        "banding": {"buffer": 1},
        "bands": BANDS,
        "caps": [
            {"id": "K2", "ceiling": "2", "findings": ["illegal_fee"], "months": 12}
            | {"relaxed": {"when": "repaid_in_full", "ceiling": "3"}},
        ],
    }


def record(**more: object) -> Record:
    """The agency of the example."""
    values: dict[str, object] = {
        "id": "example",
        "answers": {
            "i1": [Answer("3")],
            "i2": [Answer("4", "self")],
            "i4": [Answer("2", "document")],
        },
        "interviews": {"v1": Asked(9, 12), "v2": Asked(5, 12)},
        "events": {
            "c1": Events(
                [
                    Count(Fraction(2), "moderate", "substantiated", 0),
                    Count(Fraction(1), "serious", "remedied", 1),
                ],
                [Fraction(400), Fraction(300), Fraction(200)],
            )
        },
        "marks": {"i3": NOT_APPLICABLE},
    }
    return Record(**(values | more))  # type: ignore[arg-type]
