"""What another rubric makes of a published edition, and later how much of a movement that was.

A report is plain values as in an edition: scores are whole units of the finer rubric's last
decimal. `method` is the movement by the rubric alone: the old inputs under both. `behaviour` is
the rest of the movement to the first edition by the new rubric: both inputs under the new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rankings import __version__
from rankings.scoring.labels import Labels
from rankings.scoring.rank import Placing, Standing, rank, standing
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.source import Code, RubricSource, read
from rankings.usecases import record_values, rubrics
from rankings.usecases.edition_parts import RANKING, RUBRIC, Part, agency_part
from rankings.usecases.method_bridge import Bridge, lacking
from rankings.usecases.method_counts import AFTER, BEFORE, BRIDGE, Placed, counts, order
from rankings.usecases.what_moved import Change, Side, between

FORMAT = "rankings-method-report/1"
# Of each agency so many of the rules that moved it most are told, and the rest of them as one.
CAUSES = 8
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Past:
    """A published edition, as its signed file holds it; `part_of` reads a part by its name."""

    number: int
    digest: str
    part_of: Callable[[str], Part]


@dataclass(frozen=True, slots=True)
class New:
    """The rubric that is tried, and the digest of its text."""

    rubric: Rubric
    sha256: str


def tried(code: Code, source: RubricSource) -> New:
    """A rubric that is to be tried, with the digest of its text."""
    return New(code.rubric, rubrics.digest(source))


@dataclass(slots=True)
class _Line:
    """One agency on its way into the report."""

    entry: Mapping[str, Any]
    card: Scorecard
    causes: list[dict[str, Any]]
    unfit: int


class _Rules:
    """By how much each rule moved all scores, up and down."""

    def __init__(self) -> None:
        self.ups: Counter[tuple[str, str]] = Counter()
        self.downs: Counter[tuple[str, str]] = Counter()

    def count(self, causes: Iterable[Change]) -> None:
        for one in causes:
            (self.ups if one.amount > 0 else self.downs)[one.kind, one.code] += one.amount

    def values(self) -> list[dict[str, Any]]:
        """The rule that moved most first."""
        keys = {*self.ups, *self.downs}
        largest = sorted(keys, key=lambda key: (self.downs[key] - self.ups[key], key))
        return [
            {"kind": key[0], "code": key[1], "up": self.ups[key], "down": self.downs[key]}
            for key in largest
        ]


def report(past: Past, new: New) -> dict[str, Any]:
    """Every agency of an edition under its own rubric and under another one, on the same inputs."""
    ranking, source = past.part_of(RANKING), RubricSource(**past.part_of(RUBRIC))
    code = read(source)
    decimals = max(code.rubric.scale.decimals, new.rubric.scale.decimals)
    bridge = Bridge(code.rubric, new.rubric, date.fromisoformat(ranking["cycle"]["as_of"]))
    rules = _Rules()
    lines, standings = _scored(past, ranking, (Scorer(code.rubric), bridge), rules)
    placings = rank(new.rubric, standings)
    both, with_places = (code.rubric, new.rubric), _prints_places(ranking)
    agencies = [_agency(one, placings, both, decimals, with_places) for one in lines]
    return {
        "format": FORMAT,
        "engine": f"rankings {__version__}",
        "edition": {
            "cycle": dict(ranking["cycle"]),
            "number": past.number,
            "digest": past.digest,
        },
        BEFORE: _named(code.rubric, rubrics.digest(source)),
        BRIDGE: _named(new.rubric, new.sha256),
        "decimals": decimals,
        "lacking": lacking(code.rubric, new.rubric),
        "unfit": [
            {"kind": one.kind, "code": one.code, "value": one.value, "agencies": many}
            for one, many in sorted(bridge.unfit.items())
        ],
        "rules": rules.values(),
        "words": _gone(code, new.rubric),
        "agencies": agencies,
        **counts(agencies, order(code.rubric, new.rubric), (BEFORE, BRIDGE)),
    }


def _named(rubric: Rubric, sha256: str) -> dict[str, str]:
    return {"code": rubric.code, "version": rubric.version, "sha256": sha256}


def _scored(
    past: Past, ranking: Part, both: tuple[Scorer, Bridge], rules: _Rules
) -> tuple[list[_Line], list[Standing]]:
    """Every agency by the other rubric; of its workings only the causes are kept."""
    was, bridge = both
    lines, standings = [], []
    for entry in sorted(ranking["entries"], key=lambda one: str(one["code"])):
        inputs = past.part_of(agency_part(entry["code"]))["inputs"]
        record = record_values.record(was.rubric, entry["code"], inputs)
        card, unfit = bridge.score(record)
        place = standing(bridge.new, card)
        if place is not None:
            standings.append(place)
        old = was.score(record, bridge.as_of)
        # Of some the effect is so small that no unit is left of it.
        causes = [one for one in between(Side(was, old), Side(bridge.scorer, card)) if one.amount]
        rules.count(causes)
        lines.append(_Line(entry, _without_workings(card), _told(causes), unfit))
    return lines, standings


def _told(causes: Iterable[Change]) -> list[dict[str, Any]]:
    """The largest causes, and all others as one, so that they add up."""
    largest = sorted(causes, key=lambda one: -abs(one.amount))
    told = [{"kind": c.kind, "code": c.code, "amount": c.amount} for c in largest[:CAUSES]]
    others = sum(one.amount for one in largest[CAUSES:])
    return [*told, *([{"kind": OTHERS, "code": OTHERS, "amount": others}] if others else [])]


def _without_workings(card: Scorecard) -> Scorecard:
    return Scorecard(
        card.id, card.state, points=card.points, published=card.published, band=card.band
    )


def _prints_places(ranking: Part) -> bool:
    """Whether the edition itself has places; where it has none, no other rubric gives it some."""
    return (ranking.get("ranges") or {}).get("places") != "bands"


def _agency(
    one: _Line,
    placings: Mapping[str, Placing],
    both: tuple[Rubric, Rubric],
    decimals: int,
    with_places: bool,
) -> dict[str, Any]:
    old, new = both
    before = _placed(one.entry, 10 ** (decimals - old.scale.decimals))
    placing = placings.get(one.card.id)
    published = one.card.published
    bridge = {
        "state": one.card.state,
        "score": None if published is None else int(published * 10**decimals),
        "band": placing.band if placing else None,
        "rank": placing.rank if placing and with_places else None,
    }
    return {
        "code": one.entry["code"],
        "names": one.entry["names"],
        BEFORE: before,
        BRIDGE: bridge,
        "method": _moved(before, bridge),
        "causes": one.causes,
        "unfit": one.unfit,
    }


def _placed(entry: Mapping[str, Any], finer: int) -> dict[str, Any]:
    """Score, band and rank of an entry of a ranking; the score in finer units."""
    score = entry["score"]
    return {
        "state": entry["state"],
        "score": None if score is None else score * finer,
        "band": entry["band"],
        "rank": entry["rank"],
    }


def _moved(one: Placed | None, other: Placed | None) -> int | None:
    """From one score to another, None where one of both is missing."""
    start, end = (None if each is None else each["score"] for each in (one, other))
    return None if start is None or end is None else end - start


def _gone(code: Code, new: Rubric) -> dict[str, Any]:
    """Words of what the other rubric no longer has, by language: no page could say them else."""
    bands, asked = {one.id for one in new.bands}, {one.id for one in new.indicators}
    states = {one.id for one in new.states}
    old = code.rubric
    paths = {
        "bands": [("bands", one.id, "label") for one in old.bands if one.id not in bands],
        "states": [("states", one.id, "label") for one in old.states if one.id not in states],
        "indicators": [
            ("indicators", one.id, "question") for one in old.indicators if one.id not in asked
        ],
    }
    return {
        kind: {path[1]: _texts(code.labels.values(), path) for path in wanted}
        for kind, wanted in paths.items()
        if code.labels
    }


def _texts(labels: Iterable[Labels], path: tuple[str, ...]) -> dict[str, str]:
    return {one.language: one.of(*path) for one in labels}


def with_split(body: Mapping[str, Any], ranking: Part) -> dict[str, Any]:
    """The report with the first edition by the new rubric: each movement, and its two parts.

    The parts add up to the movement where an agency is rated on all three occasions. Doing it
    again changes nothing, so that a reader can check it. ValueError for a ranking by another
    rubric.
    """
    if any(ranking["rubric"][key] != body[BRIDGE][key] for key in ("code", "version")):
        raise ValueError("the ranking is by another rubric than the report")
    finer = 10 ** (body["decimals"] - ranking["decimals"])
    now = {one["code"]: one for one in ranking["entries"]}
    known = {one["code"]: one for one in body["agencies"]}
    agencies = list(_split(known, now, finer))
    return {
        **body,
        "cycle": dict(ranking["cycle"]),
        "agencies": agencies,
        **counts(agencies, body["bands"], (BEFORE, BRIDGE, AFTER)),
    }


def _split(
    known: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]], finer: int
) -> Iterator[dict[str, Any]]:
    for code in sorted(known.keys() | now.keys()):
        entry, one = now.get(code), dict(known.get(code) or _newcomer(now[code]))
        one[AFTER] = None if entry is None else _placed(entry, finer)
        one["behaviour"] = _moved(one[BRIDGE], one[AFTER])
        one["movement"] = _moved(one[BEFORE], one[AFTER])
        yield one


def _newcomer(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An agency that the old edition did not list: nothing of it has moved."""
    nothing: dict[str, Any] = {BEFORE: None, BRIDGE: None, "method": None, "causes": [], "unfit": 0}
    return {"code": entry["code"], "names": entry["names"], **nothing}
