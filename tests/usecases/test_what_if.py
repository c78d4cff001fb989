"""Trying other answers out: the number is the edition's own, and nothing is kept."""

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, text

from rankings import db
from rankings.errors import Invalid
from rankings.models import SelfAssessment
from rankings.scoring.evidence import overclaims
from rankings.scoring.record import Answer
from rankings.scoring.rules import Level
from rankings.scoring.score import Scorecard, Scorer
from rankings.usecases import agency_codes, journal, self_assessments
from rankings.usecases.answers import Questions
from rankings.usecases.self_assessments import Change
from rankings.usecases.what_if import NOT_LISTED, Trying
from rankings.usecases.what_moved import INDICATOR, LIMITS
from tests.usecases import world
from tests.usecases.persons import person
from tests.usecases.trying import (
    FOUND,
    POORER,
    SAID,
    TOO_GOOD,
    fill,
    known,
    part,
    tried,
    trying,
)
from tests.web import small as smalls
from tests.web.small import CODE, FIRST, LAST, Small

DURING = datetime(2026, 3, 1, 3, tzinfo=UTC)


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> Small:
    """An association that has not published yet; nothing is known of its agencies."""
    return smalls.prepared(engine, tmp_path)


def options(ready: Trying) -> dict[str, list[str]]:
    """The options of every question that has some, from the lowest up."""
    asked = Questions(ready.code).asked.values()
    return {
        one.id: [option.id for option in one.rule.options]
        for one in asked
        if isinstance(one.rule, Level)
    }


def score(ready: Trying, claims: Mapping[str, str], scorer: Scorer | None = None) -> Scorecard:
    scorer = scorer or Scorer(ready.code.rubric)
    return scorer.score(ready.record(claims), ready.held.as_of)


def exact(card: Scorecard) -> Fraction:
    assert card.exact is not None
    return card.exact


def test_unchanged_answers_give_what_was_published(alpha: Small) -> None:
    fill(alpha)
    edition = alpha.publish()
    with db.reading(alpha.engine) as session:
        ranking = part(alpha, session, edition, "ranking")
        receipts = {
            one["code"]: part(alpha, session, edition, f"agencies/{one['code']}")["receipt"]
            for one in ranking["entries"]
        }
    assert sum(one["score"] is not None for one in ranking["entries"]) == 3
    for entry in ranking["entries"]:
        trial = tried(alpha, agency=entry["code"])
        assert trial.now == trial.then
        assert trial.changes == ()
        for name in ("state", "score", "points", "band"):
            assert getattr(trial.now, name) == entry[name]
        assert trial.now.receipt == receipts[entry["code"]]


def test_the_band_of_the_cycle_before_gives_the_buffer_that_an_edition_uses(alpha: Small) -> None:
    smalls.earlier(alpha)
    fill(alpha, [*known(), ("deployments", world.deployments(("2025-Q1", 500)))])
    alpha.publish(cycle="2025")
    edition = alpha.publish(later=1)
    with db.reading(alpha.engine) as session:
        inputs = part(alpha, session, edition, f"agencies/{FIRST}")["inputs"]
    assert inputs["previous_band"] is not None
    assert trying(alpha).record(SAID).previous_band == inputs["previous_band"]


def test_a_draft_counts_as_if_it_were_submitted(alpha: Small) -> None:
    fill(alpha, known(submitted=False))
    silent = tried(alpha)
    with db.transaction(alpha.engine) as session:
        act = journal.Act(str(person(session, "an").id), DURING)
        place = self_assessments.find(session, CODE, "2026", FIRST)
        none = self_assessments.token(None)
        changes = [Change(code, value, "", none) for code, value in SAID.items()]
        self_assessments.save_answers(session, *place, changes, act)
    draft = tried(alpha)
    assert draft.present == SAID
    assert (draft.now.points or 0) > (silent.now.points or 0)
    with db.transaction(alpha.engine) as session:
        self_assessments.submit(session, *place, act)
    assert tried(alpha).now == draft.now
    assert alpha.publish().number == 1
    assert tried(alpha).now == draft.now


def test_nothing_that_is_tried_is_kept(alpha: Small) -> None:
    fill(alpha)
    before = everything(alpha)
    assert tried(alpha, {"1.2": "none", "9.1": "written-paid"}).changes
    assert everything(alpha) == before


def everything(small: Small) -> list[object]:
    with db.reading(small.engine) as session:
        tables = ("answer", "self_assessment", "finding", "journal_entry")
        return [session.connection().execute(text(f"SELECT * FROM {t}")).all() for t in tables]


def test_the_changes_add_up_and_name_only_what_moved(alpha: Small) -> None:
    fill(alpha)
    # What the auditor found of 1.1 stands, whatever the agency says.
    trial = tried(alpha, {"1.1": "registered-public", "1.2": "none", "9.1": "written-paid"})
    moved = {one.code: one.amount for one in trial.changes if one.kind == INDICATOR}
    assert set(moved) == {"1.2", "9.1"}
    assert moved["1.2"] < 0 < moved["9.1"]
    assert trial.now.score is not None
    assert trial.then.score is not None
    assert sum(one.amount for one in trial.changes) == trial.then.score - trial.now.score


def test_a_limit_is_one_of_the_changes(alpha: Small) -> None:
    """An agency that returns nothing has at most two stars; its first answer lifts that."""
    fill(alpha, known(submitted=False, found=best(alpha)))
    trial = tried(alpha, {"1.1": "registered"})
    assert (trial.now.band, trial.then.band) == ("2", "3")
    assert trial.now.lift is not None
    assert [one["code"] for one in trial.now.lift["blockers"]] == ["K6"]
    assert trial.now.lift["plan"] == []
    assert [one.code for one in trial.changes] == [LIMITS]
    assert trial.then.points == trial.now.points


def best(small: Small) -> dict[str, str]:
    return {code: values[-1] for code, values in options(trying(small)).items()}


def test_an_empty_answer_takes_one_away(alpha: Small) -> None:
    fill(alpha)
    trial = tried(alpha, {"1.2": "", "9.1": ""})
    assert trial.tried == {code: said for code, said in SAID.items() if code != "1.2"}
    assert [one.code for one in trial.changes if one.kind == INDICATOR] == ["1.2"]


def test_everything_that_is_no_answer_is_named(alpha: Small) -> None:
    wrong = {"nonsense": "1", "v1": "yes", "1.1": "best", "c2": "many", "1.2": "not_applicable"}
    with pytest.raises(Invalid) as refused:
        tried(alpha, {**wrong, "8.1": "compared"})
    assert [(one.place, one.value) for one in refused.value.problems] == [*wrong.items()]


@pytest.mark.parametrize("number", ["1e999999999", "1/0", "1_0", "٣", "9" * 1000, "nan", "- 1"])
def test_no_number_costs_more_than_a_look(engine: Engine, tmp_path: Path, number: str) -> None:
    alpha = smalls.prepared(engine, tmp_path)
    begun = time.monotonic()
    with pytest.raises(Invalid):
        tried(alpha, {"c2": number})
    assert time.monotonic() - begun < 5


def test_an_agency_that_takes_no_part_has_a_state_and_no_number(alpha: Small) -> None:
    trial = tried(alpha, {"1.1": "registered"}, agency=LAST)
    assert trial.now == trial.then
    assert (trial.now.state, trial.now.score, trial.steps) == ("not_participating", None, ())


def test_an_agency_that_was_licensed_too_late_is_not_listed(alpha: Small) -> None:
    alpha.register(smalls.row(1, licence_number="L-9", licensed_on=date(2026, 7, 1)))
    code = agency_codes.code("VN", 5)
    assert tried(alpha, {"1.1": "registered"}, agency=code).then.state == NOT_LISTED


def test_a_next_step_lifts_the_total_by_what_it_says(alpha: Small) -> None:
    fill(alpha)
    ready, trial = trying(alpha), tried(alpha)
    assert len(trial.steps) == 3
    now = exact(score(ready, SAID))
    for step in trial.steps:
        assert step.indicator not in FOUND
        assert exact(score(ready, {**SAID, step.indicator: step.value})) == now + step.as_claim
        assert step.if_confirmed > step.as_claim > 0
    lifts = [one_better(ready, SAID, code, now) for code in options(ready)]
    assert [step.as_claim for step in trial.steps] == sorted(lifts, reverse=True)[:3]


def one_better(ready: Trying, claims: Mapping[str, str], code: str, now: Fraction) -> Fraction:
    better = raised(ready, claims, code)
    return exact(score(ready, better)) - now if better else Fraction(0)


def raised(ready: Trying, claims: Mapping[str, str], code: str) -> dict[str, str] | None:
    """The claims with one of them one option higher; from silence to the first that earns."""
    known = options(ready)[code]
    place = known.index(claims[code]) if code in claims else 0
    return {**claims, code: known[place + 1]} if place + 1 < len(known) else None


def random_claims(ready: Trying, random: Random) -> dict[str, str]:
    known = options(ready)
    share = random.random()
    return {code: random.choice(known[code]) for code in known if random.random() < share}


def test_a_higher_claim_lowers_a_total_through_the_over_claim_rule_only(alpha: Small) -> None:
    """And then the rule holds after it and did not hold before."""
    fill(alpha, known(found={**FOUND, **POORER}))
    ready, random, rule_met = trying(alpha), Random(1), 0
    rubric, scorer = ready.code.rubric, Scorer(ready.code.rubric)
    for _ in range(150):
        claims = {**random_claims(ready, random), **dict(random.sample([*TOO_GOOD.items()], 4))}
        better = raised(ready, claims, random.choice([*options(ready)]))
        if better is None:
            continue
        one, other = (score(ready, each, scorer) for each in (claims, better))
        before, after = (overclaims(rubric, ready.record(each)) for each in (claims, better))
        assert after or not before
        rule_met += after and not before
        if before == after:
            assert exact(other) >= exact(one)
            assert (other.published or 0) >= (one.published or 0)
    assert rule_met


def test_the_over_claim_rule_is_told_where_it_limits(alpha: Small) -> None:
    fill(alpha, known(found=POORER))
    four = dict([*TOO_GOOD.items()][:4])
    honest, trial = tried(alpha, four), tried(alpha, TOO_GOOD)
    assert trial.then.receipt is not None
    assert honest.then.receipt is not None
    assert "overclaim" not in [one["kind"] for one in honest.then.receipt["limiters"]]
    assert "overclaim" in [one["kind"] for one in trial.then.receipt["limiters"]]
    assert (trial.then.points or 0) < (honest.then.points or 0)


def test_no_is_never_worse_than_silence(alpha: Small) -> None:
    fill(alpha)
    ready, random = trying(alpha), Random(2)
    scorer = Scorer(ready.code.rubric)
    for _ in range(40):
        claims = random_claims(ready, random)
        code = random.choice([*options(ready)])
        silent = {one: said for one, said in claims.items() if one != code}
        lowest = {**silent, code: options(ready)[code][0]}
        spoken, quiet = (score(ready, each, scorer) for each in (lowest, silent))
        assert exact(spoken) >= exact(quiet)
        assert (spoken.published or 0) >= (quiet.published or 0)


def test_the_changes_always_add_up(alpha: Small) -> None:
    fill(alpha, known(found={**FOUND, **POORER}))
    ready, random = trying(alpha), Random(3)
    for _ in range(20):
        trial = ready.trial(random_claims(ready, random), random_claims(ready, random))
        assert trial.now.score is not None
        assert trial.then.score is not None
        assert sum(one.amount for one in trial.changes) == trial.then.score - trial.now.score


def test_what_is_known_besides_the_claims_is_the_editions_own(alpha: Small) -> None:
    fill(alpha)
    record = trying(alpha).record({})
    assert record.interviewed == 12
    assert record.answers["8.1"] == [Answer("unchecked", "audit", date(2026, 4, 1), None, True)]
    assert record.facts["returned"] == "yes"
    with db.transaction(alpha.engine) as session:
        place = self_assessments.find(session, CODE, "2026", FIRST)
        held = session.get(SelfAssessment, self_assessments.key(place[0], place[1].id))
        assert held is not None
        held.submitted_on = None
    # A draft without answers cannot be submitted.
    assert trying(alpha).record({}).facts["returned"] == "no"
