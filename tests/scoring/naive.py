"""The total of a record once more, from docs/rubric.md alone: slow, with fractions, no sharing."""

import math
from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

from rankings.scoring.record import Events, Record

STRONGEST = ("audit", "document", "self")
Entry = Mapping[str, Any]


class Naive:
    """One rubric as its tables, one record. `value` is None where nothing can be counted."""

    def __init__(self, rubric: Entry, record: Record) -> None:
        self.rubric, self.record = rubric, record
        self.most = Fraction(rubric.get("scale", {}).get("max", 100))
        self.credit = dict(rubric.get("evidence", {}).get("credit", {}))
        rule = rubric.get("evidence", {}).get("overclaim")
        if rule and self._overclaims(rule):
            self.credit["self"] = rule["credit_self"]

    def total(self) -> Fraction | None:
        return self.node({"id": "total"} | dict(self.rubric.get("total", {})))

    def _overclaims(self, rule: Entry) -> bool:
        found = checked = 0
        for one in self.rubric["indicators"]:
            given = self.record.answers.get(one["id"], ())
            by_grade = {answer.grade: answer.value for answer in given}
            shown = by_grade.get("audit", by_grade.get("document"))
            if one["id"] in self.record.marks or "self" not in by_grade or shown is None:
                continue
            order = [option["id"] for option in one["options"]]
            checked += 1
            found += order.index(by_grade["self"]) > order.index(shown)
        if found < rule["min_found"]:
            return False
        n, p, z = checked, found / checked, float(rule["z"])
        spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (p + z * z / (2 * n) - spread) / (1 + z * z / n) > float(rule["rate_above"])

    def children(self, node: Entry) -> list[Entry]:
        both = [*self.rubric.get("nodes", []), *self.rubric["indicators"]]
        return [one for one in both if one.get("parent", "total") == node["id"]]

    def any(self, part: Entry) -> Fraction | None:
        return self.leaf(part) if "type" in part else self.node(part)

    def node(self, node: Entry) -> Fraction | None:
        children = self.children(node)
        values = {one["id"]: self.any(one) for one in children}
        weights = {one["id"]: Fraction(one.get("weight", 1)) for one in children}
        there = {code: value for code, value in values.items() if value is not None}
        counted = sum(weights[code] for code in there)
        missing = self.rubric.get("missing", {})
        key = "min_applicable_total" if node["id"] == "total" else "min_applicable"
        least = Fraction(node.get("min_applicable", missing.get(key, 0)))
        if not counted or counted < least * sum(weights.values()):
            return None
        if node.get("aggregate") == "start" and node["start"] not in there:
            return None
        value = self._together(node, children, there, weights)
        return self._moved(node, value)

    def _together(
        self,
        node: Entry,
        children: list[Entry],
        there: Mapping[str, Fraction],
        weights: Mapping[str, Fraction],
    ) -> Fraction:
        how = node.get("aggregate", "mean")
        if how == "start":
            return there[node["start"]]
        if how == "geometric":
            return geometric(there, weights, Fraction(node.get("floor", 0)))
        total = sum((weights[code] * value for code, value in there.items()), Fraction(0))
        if how == "mean":
            return total / sum(weights[code] for code in there)
        largest = {one["id"]: self.largest(one) for one in children}
        known = [weights[code] * each for code, each in largest.items() if each is not None]
        if len(known) < len(children):
            return total
        return total * sum(known) / sum(weights[code] * (largest[code] or 0) for code in there)

    def largest(self, part: Entry) -> Fraction | None:
        """The best value of an indicator, or of a node that is a sum."""
        if part.get("type") == "points":
            return Fraction(part["max"]) if "max" in part else None
        if "type" in part:
            open_rate = part["type"] == "rate" and "curve" not in part
            return None if open_rate else Fraction(part.get("max", self.most))
        below = [(Fraction(one.get("weight", 1)), self.largest(one)) for one in self.children(part)]
        if any(best is None for _, best in below):
            return None
        return sum((weight * (best or 0) for weight, best in below), Fraction(0))

    def _moved(self, node: Entry, value: Fraction) -> Fraction:
        for step in node.get("adjust", []):
            if "when" in step and not self._holds(step["when"]):
                continue
            value += Fraction(step.get("add", 0))
            value = max(value, Fraction(step["at_least"])) if "at_least" in step else value
            value = min(value, Fraction(step["at_most"])) if "at_most" in step else value
        if "round_to" in node:
            step = Fraction(node["round_to"])
            return step * printed(value / step, 0, self.rubric.get("scale", {}))
        return value

    def _holds(self, when: Entry) -> bool:
        both = [*self.rubric["nodes"], *self.rubric["indicators"]]
        part = next(one for one in both if one["id"] == when["of"])
        value = self.leaf(part, credited=False) if "type" in part else self.node(part)
        if value is None:
            return False
        return any(
            (
                "at_least" in when and value >= when["at_least"],
                "above" in when and value > when["above"],
                "below" in when and value < when["below"],
                "is" in when and value == when["is"],
            )
        )

    def leaf(self, one: Entry, credited: bool = True) -> Fraction | None:
        if one["id"] in self.record.marks:
            return None
        value: Fraction | None = getattr(self, one["type"])(one)
        if value is None or one["type"] not in ("level", "numeric") or not credited:
            return value
        given = {answer.grade for answer in self.record.answers.get(one["id"], ())}
        grade = next((each for each in STRONGEST if each in given), None)
        return Fraction(value * Fraction(self.credit[grade])) if grade else Fraction(0)

    def shown(self, one: Entry) -> Any:
        given = {answer.grade: answer.value for answer in self.record.answers.get(one["id"], ())}
        return next((given[grade] for grade in STRONGEST if grade in given), None)

    def level(self, one: Entry) -> Fraction:
        points = {option["id"]: Fraction(option["points"]) for option in one["options"]}
        return points.get(self.shown(one), Fraction(0))

    def points(self, one: Entry) -> Fraction:
        shown = self.shown(one)
        penalty = self.rubric.get("scale", {}).get("direction") == "lower_is_better"
        return Fraction((one["max"] if penalty else 0) if shown is None else shown)

    def numeric(self, one: Entry) -> Fraction:
        shown = self.shown(one)
        if shown is None:
            return Fraction(0)
        v, worst, best = Fraction(shown), Fraction(one["worst"]), Fraction(one["best"])
        if one.get("transform") == "log":
            v = min(max(v, min(worst, best)), max(worst, best))
            v, worst, best = logarithm(v), logarithm(worst), logarithm(best)
        share = (v - worst) / (best - worst)
        return self.most * min(max(share, Fraction(0)), Fraction(1))

    def proportion(self, one: Entry) -> Fraction:
        given = self.record.interviews.get(one["id"])
        good, asked = (given.good, given.asked) if given else (0, 0)
        if asked < one.get("min_respondents", 0):
            good = asked = 0
        m, p0 = Fraction(one["m"]), Fraction(one["p0"])
        return Fraction(one.get("max", self.most)) * (good + m * p0) / (asked + m)

    def rate(self, one: Entry) -> Fraction | None:
        given = self.record.events.get(one["id"], Events((), ()))
        steps = [Fraction(step) for step in one["steps"]] + [Fraction(0)]
        y = sum(
            (
                each.number
                * Fraction(one["severity"].get(each.severity, 1))
                * Fraction(one["outcome"].get(each.outcome, 1))
                * steps[each.step or 0]
                for each in given.counts
            ),
            Fraction(0),
        )
        exposed = sum((e * s for e, s in zip(given.exposure, steps, strict=False)), Fraction(0))
        exposed /= one.get("per", 1000)
        if one.get("shrunk", True):
            mu, k = Fraction(one["mu"]), Fraction(one["k"])
            return curve(one["curve"], (y + k * mu) / (exposed + k) / mu)
        return y / exposed if exposed else None


def curve(points: list[list[Any]], at: Fraction) -> Fraction:
    pairs = [(Fraction(x), Fraction(y)) for x, y in points]
    if at <= pairs[0][0]:
        return pairs[0][1]
    for (x, y), (x2, y2) in zip(pairs, pairs[1:], strict=False):
        if x <= at <= x2:
            return y + (y2 - y) * (at - x) / (x2 - x)
    return pairs[-1][1]


def printed(value: Fraction, decimals: int, scale: Entry) -> Fraction:
    """Rounded by way of Decimal, which knows both kinds of rounding."""
    with localcontext(Context(prec=200)):
        halves = int(value * 2 * 10**decimals // 1)
        exact = value * 2 * 10**decimals == halves
        number = Decimal(halves) / 2 if exact else (Decimal(halves) + Decimal("0.5")) / 2
        if scale.get("rounding") == "half_even":
            whole = number.to_integral_value(ROUND_HALF_EVEN)
        else:
            whole = (number + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return Fraction(int(whole), 10**decimals)


def logarithm(value: Fraction) -> Fraction:
    with localcontext(Context(prec=90)):
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).ln())


def geometric(
    values: Mapping[str, Fraction], weights: Mapping[str, Fraction], floor: Fraction
) -> Fraction:
    raised = {code: max(value, floor) for code, value in values.items()}
    if min(raised.values()) <= 0:
        return Fraction(0)
    whole = sum(weights[code] for code in raised)
    logs = sum((weights[code] / whole * logarithm(value) for code, value in raised.items()), 0)
    with localcontext(Context(prec=90)):
        exact = Fraction(logs)
        return Fraction((Decimal(exact.numerator) / Decimal(exact.denominator)).exp())
