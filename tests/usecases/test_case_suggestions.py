"""Bursts and near-duplicates: found where they are, and hardly ever where they are not."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from math import exp
from random import Random
from uuid import UUID, uuid4

import pytest

from rankings.usecases import case_suggestions
from rankings.usecases.case_suggestions import Report, bursts, likeness, marks, pairs
from tests.usecases import stories

FIRST = date(2026, 1, 1)
# Complaints about one agency in a usual month.
USUAL = (0.2, 0.5, 1.0, 2.0)


def report(
    day: date, text: str = "", subject: object = "VN-1", files: frozenset[str] = frozenset()
) -> Report:
    return Report(uuid4(), str(subject), day, text, files)


def arrivals(random: Random, rate: float, days: int) -> list[Report]:
    """Complaints as they come in by themselves, by the day."""
    found = []
    for after in range(days):
        found += [report(FIRST + timedelta(days=after)) for _ in range(poisson(random, rate / 30))]
    return found


def poisson(random: Random, mean: float) -> int:
    """How many come where so many are expected."""
    many, left = 0, random.random()
    part = total = exp(-mean)
    while left > total:
        many += 1
        part *= mean / many
        total += part
    return many


@pytest.mark.parametrize("rate", USUAL)
def test_every_burst_is_flagged(rate: float) -> None:
    """Five to forty fakes within 72 hours, wherever they fall."""
    random = Random(f"bursts {rate}")
    for _ in range(100):
        usual = arrivals(random, rate, 400)
        start = FIRST + timedelta(days=random.randrange(390))
        fakes = [
            report(start + timedelta(days=random.randrange(4)))
            for _ in range(random.randrange(5, 41))
        ]
        assert {one.case for one in fakes} <= bursts([*usual, *fakes])


def test_a_usual_month_is_hardly_ever_flagged() -> None:
    """At most 1 % of 1,000 months: 250 for each rate, each after a year of the same."""
    flagged, days = 0, 13 * 31
    for rate in USUAL:
        random = Random(f"usual {rate}")
        for _ in range(250):
            held = arrivals(random, rate, days)
            last = FIRST + timedelta(days=days - 31)
            flagged += any(one.case in bursts(held) for one in held if one.day >= last)
    assert flagged <= 10


def test_more_than_four_times_the_usual_is_a_burst_however_it_is_spread() -> None:
    year = [report(FIRST + timedelta(days=30 * month)) for month in range(12)]
    loud = [report(date(2027, 1, 2 + 6 * n)) for n in range(5)]
    assert bursts([*year, *loud]) == {one.case for one in loud}
    assert bursts([*year, *loud[:4]]) == set()


def test_complaints_about_other_agencies_make_no_burst() -> None:
    assert bursts([report(FIRST, subject=f"VN-{n}") for n in range(40)]) == set()


def test_four_in_three_days_are_none() -> None:
    assert bursts([report(FIRST) for _ in range(4)]) == set()
    far = [report(FIRST + timedelta(days=7 * n)) for n in range(4)]
    assert bursts(far) == set()


def grouped(reports: list[Report]) -> list[set[UUID]]:
    """Cases that hang together by pairs."""
    groups = {one.case: {one.case} for one in reports}
    for pair in pairs(reports):
        both = groups[pair.one] | groups[pair.other]
        for case in both:
            groups[case] = both
    return sorted({id(one): one for one in groups.values()}.values(), key=len)


def test_fifty_copies_in_other_words_are_found_among_a_hundred_true_stories() -> None:
    random = Random("copies")
    copies = [report(FIRST, stories.copy(random)) for _ in range(50)]
    others = [report(FIRST, stories.story(random)) for _ in range(100)]
    largest = grouped([*copies, *others])[-1]
    assert len(largest & {one.case for one in copies}) >= 40
    assert largest & {one.case for one in others} == set()


def test_true_stories_about_the_same_trouble_are_hardly_ever_paired() -> None:
    random = Random("stories")
    told = [report(FIRST, stories.story(random)) for _ in range(150)]
    paired = Counter(case for pair in pairs(told) for case in (pair.one, pair.other))
    assert len(paired) <= 15


@pytest.mark.parametrize(
    "text",
    [
        "Tôi đã trả 95 triệu đồng cho công ty trước khi ký hợp đồng, không có biên lai.",
        "ខ្ញុំបានបង់ប្រាក់ឱ្យក្រុមហ៊ុនមុនពេលចុះហត្ថលេខាលើកិច្ចសន្យា ហើយមិនមានបង្កាន់ដៃទេ។",
        "စာချုပ်မချုပ်မီ ကုမ္ပဏီကို ငွေပေးခဲ့ရပြီး ပြေစာမရခဲ့ပါ။ ပတ်စပို့ကိုလည်း သိမ်းထားသည်။",
        "契約書に署名する前に会社へお金を払いましたが、領収書はもらえませんでした。旅券も会社が持っています。",
    ],
)
def test_every_script_is_compared(text: str) -> None:
    again = report(FIRST, f"  {text.upper()} !")
    (pair,) = pairs([report(FIRST, text), again, report(FIRST, stories.story(Random(1)))])
    assert (pair.alike, pair.same_file) == (100, False)


def test_of_short_texts_nothing_is_said() -> None:
    assert pairs([report(FIRST, "They took my money.") for _ in range(9)]) == []
    assert likeness(marks(""), marks("")) == 0


def test_the_same_paper_makes_a_pair_whatever_the_text() -> None:
    paper = frozenset({"a" * 64})
    held = [report(FIRST, "One.", files=paper), report(FIRST, "Other.", files=paper | {"b" * 64})]
    (pair,) = pairs(held)
    assert (pair.alike, pair.same_file) == (100, True)


def test_accents_and_numbers_make_no_difference() -> None:
    one = case_suggestions.normalised("Tôi trả 95 triệu")
    assert one == case_suggestions.normalised("TOI TRA 9 TRIEU")
