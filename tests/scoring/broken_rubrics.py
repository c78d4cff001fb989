"""What a broken rubric is, and those whose shape is wrong: values that are not of their kind."""

from dataclasses import dataclass

from tests.scoring.rubric_base import TEXTS

RUBRIC = "rubric.toml"


@dataclass(frozen=True)
class Broken:
    """The sound base with one change, and the problem that must be named."""

    name: str
    key: str
    says: str
    changes: tuple[tuple[str, str], ...]
    file: str = RUBRIC
    changed: str = ""

    def texts(self) -> dict[str, str]:
        """Every file of the rubric after the change."""
        changed = self.changed or self.file
        text = TEXTS[changed]
        for old, new in self.changes:
            if text.count(old) != 1:
                raise AssertionError(f"{self.name}: {old!r} stands {text.count(old)} times")
            text = text.replace(old, new)
        return {**TEXTS, changed: text}


def broken(name: str, old: str, new: str, key: str, says: str) -> Broken:
    """One change of rubric.toml."""
    return Broken(name, key, says, ((old, new),))


DIGITS = "at most 30 digits"
CAP_WHEN = 'when = { of = "returned", is = "no" }'
STATE_WHEN = 'when = { of = "months_licensed", below = 12 }'
ZERO_TO_ONE = "must be from 0 to 1"


def when(name: str, condition: str, key: str, says: str) -> Broken:
    """Another condition for the cap K4."""
    return broken(name, CAP_WHEN, f"when = {condition}", f"caps[K4].when{key}", says)


def deep(levels: int) -> str:
    """A condition inside so many `not`."""
    return "{ not = " * levels + '{ of = "fees", is = 1 }' + " }" * levels


NUMBERS = [
    broken("not a number", "max = 100\ndecimals", "max = nan\ndecimals", "scale.max", "NaN must"),
    broken("infinity", "z = 1.6449", "z = inf", "evidence.overclaim.z", "Infinity must"),
    broken("minus infinity", "m = 10\n", "m = -inf\n", "indicators[heard].m", "-Infinity must"),
    broken("1e999999999", "worst = 90", "worst = 1e999999999", "indicators[answer-days].worst",
           "E+"),
    broken("1e-999999999", "best = 2", "best = 1e-999999999", "indicators[answer-days].best", "E-"),
    broken(
        "an exponent of 22 digits",
        "k = 0.3",
        f"k = 1e{'9' * 22}",
        "(file)",
        "holds a number of too many digits",
    ),
    broken(
        "an integer of 400 digits",
        "worst = 30",
        f"worst = {'9' * 400}",
        "indicators[copy-days].worst",
        f"a huge number must be a number of {DIGITS}",
    ),
    broken(
        "a hexadecimal integer of 10,000 digits",
        "per = 1000",
        f"per = 0x{'f' * 10_000}",
        "indicators[rate].per",
        "a huge number",
    ),
    broken("31 decimals", "floor = 0.1", f"floor = 0.{'1' * 31}", "nodes[fees].floor", DIGITS),
    broken("true for a number", "k = 0.3", "k = true", "indicators[rate].k", "true must be a num"),
    broken("a text for a number", "mu = 10.0", 'mu = "10"', "indicators[rate].mu", "'10' must be"),
    broken("a day for a number", "p0 = 0.70", "p0 = 2026-01-01", "indicators[heard].p0", "2026-01"),
    broken("a huge id", 'id = "K1"', f"id = 0x{'f' * 9000}", "caps[1].id", "must be a text"),
    broken("half a decimal", "decimals = 1\n", "decimals = 1.5\n", "scale.decimals",
           "1.5 must be a wh"),
    broken("eleven decimals", "round_to = 0.01", "round_to = 0.00000000001",
           "nodes[papers].round_to", "at most 10 decimals"),
    broken("a scale of nothing", "max = 100\ndecimals", "max = 0\ndecimals", "scale.max",
           "above 0"),
    broken("a credit above 1", "audit = 1, document = 0.9", "audit = 1.5, document = 0.9",
           "evidence.credit.audit", f"1.5 {ZERO_TO_ONE}"),
    broken("a share above 1", "min_applicable = 0.6", "min_applicable = 60",
           "missing.min_applicable", f"60 {ZERO_TO_ONE}"),
    broken("a share below 0", "rate_above = 0.20", "rate_above = -0.2",
           "evidence.overclaim.rate_above", f"-0.2 {ZERO_TO_ONE}"),
    broken("a buffer below 0", "buffer = 1.0", "buffer = -1", "banding.buffer",
           "-1 must be at least 0"),
    broken("a maximum below 0", "max = 40", "max = -4", "indicators[copy-days].max",
           "-4 must be above 0"),
    broken("no variance", "phi = 2.5", "phi = 0", "indicators[rate].phi", "must be above 0"),
    broken("peers without variance", "phi = 2 }", "phi = 0 }", "indicators[rate].peers.north.phi",
           "must be above 0"),
    broken("99 draws", "draws = 500", "draws = 99", "ranges.draws", "from 100 to 10000"),
    broken("10,001 draws", "draws = 500", "draws = 10001", "ranges.draws",
           "10001 must be a whole number from 0 to 10000"),
    broken("an error more than certain", "self = 0.30", "self = 1.2", "ranges.shift.self",
           f"1.2 {ZERO_TO_ONE}"),
    broken("over-claimed more than always", "over_claimed = 0.75", "over_claimed = 1.5",
           "ranges.over_claimed", "1.5 must be from 0 to 1"),
    broken("places before their ranges", "places_from = 0.72", "places_from = 0.4",
           "ranges.places_from", "must not be below place_ranges_from"),
    broken("no finding needed", "min_found = 5", "min_found = 0",
           "evidence.overclaim.min_found", "must be at least 1"),
]  # fmt: skip

KINDS = [
    broken("no code", 'code = "base"\n', "", "code", "is missing"),
    broken("an empty version", 'version = "1.0.0"', 'version = " "', "version", "not empty"),
    broken("a section that is a list", "[rank]", "[[rank]]", "rank", "table of keys and values"),
    broken("a list that is a text", '["en", "vi"]', '"en"', "languages", "'en' must be a list"),
    broken("a language that is a number", '["en", "vi"]', '["en", 7]', "languages", "texts only"),
    broken("a language twice", '["en", "vi"]', '["en", "en"]', "languages", "something twice"),
    broken("a list of 1,001", '"no_reply"]\n\n', f'"no_reply"{", 1" * 998}]\n\n',
           "finding_codes", "has 1001 entries; at most 1000"),
    broken("an unknown key", "[missing]", "[missing]\nemtpy = 1", "missing.emtpy",
           "known here: disputed"),
    broken("an unknown section", "[rank]", "[ranks]\n[rank]", "ranks", "known here: banding"),
    broken("a key of another type of indicator", "shrunk = false", "shrunk = false\nbest = 1",
           "indicators[calls].best", "known here: empty"),
    broken("a key of another kind of band", "at_least = 55", "at_least = 55\ntop = 0.5",
           "bands[fair].top", "is not a key"),
    broken("an unknown rounding", '"half_up"', '"up"', "scale.rounding", "half_up, half_even"),
    broken("an unknown direction", '"higher_is_better"', '"up"', "scale.direction",
           "lower_is_better"),
    broken("a word that is not text", 'ties = "dense"', "ties = 1", "rank.ties",
           "1 is not one of shared"),
    broken("a flag that is a word", "not_applicable = true", 'not_applicable = "yes"',
           "indicators[no-fee].not_applicable", "'yes' must be true or false"),
    broken("a weight for the total", "weights_sum = 100", "weights_sum = 100\nweight = 1",
           "total.weight", "root of the tree"),
    broken("an unknown grade", "document = 0.8", "paper = 0.8",
           "evidence.confidence.paper", "is not a grade"),
    broken("ageing without end", "months = 24, ", "", "evidence.ageing[1].months",
           "expired = true"),
    broken("ageing without a grade", 'grade = "audit", ', "", "evidence.ageing[1].grade",
           "is missing"),
    broken("ageing without result", ', becomes = "document"', "",
           "evidence.ageing[1].becomes", "is missing; it is one of document"),
    broken("ageing upwards", 'becomes = "document"', 'becomes = "audit"',
           "evidence.ageing[1].becomes", "weaker grade than audit"),
    broken("an indicator without type", 'type = "points"\n', "",
           "indicators[contract].type", "is missing; it is one of level"),
    broken("an option without points", '{ id = "partly", points = 50 }', '{ id = "partly" }',
           "indicators[no-fee].options[partly].points", "is missing"),
    broken("no benchmark", "p0 = 0.70\n", "", "indicators[heard].p0", "is missing"),
    broken("a benchmark that nobody uses", "shrunk = false", "shrunk = false\nm = 3",
           "indicators[calls].m", "does not go with shrunk = false"),
    broken("peers of a rate as it stands", "k = 0.3\nphi", "shrunk = false\nk = 0.3\nphi",
           "indicators[rate].peers", "does not go with shrunk = false"),
    broken("peers that are a list", "{ mu = 8, k = 0.2 }", "[8, 0.2]",
           "indicators[rate].peers.south", "must be a table"),
    broken("peers with an unknown key", "mu = 8, k", "per = 100, mu = 8, k",
           "indicators[rate].peers.south.per", "known here: k, mu, phi"),
    broken("ranges of a grade that is none", "shift = { audit", "shift = { paper",
           "ranges.shift.paper", "is not a grade"),
    broken("a step that is a word", "[1, 0.5, 0.25]", '[1, "half"]',
           "indicators[rate].steps", "must hold numbers only"),
    broken("a curve of single numbers", "[1, 70]", "70", "indicators[rate].curve",
           "70 must be a pair"),
    broken("an adjustment that moves nothing", ", at_least = 0, at_most = 100", "",
           "nodes[voice].adjust[limits]", "moves nothing"),
    broken("limits the wrong way round", "at_least = 0, at_most = 100", "at_least = 9, at_most = 8",
           "nodes[voice].adjust[limits].at_least", "must not be above at_most"),
    broken("a relaxed cap without ceiling", 'when = "repaid", ceiling = "fair"', 'when = "repaid"',
           "caps[K2].relaxed.ceiling", "is missing"),
    broken("a tie-break of nothing", 'of = "visits", order', "order", "rank.tie_break[2].of",
           "is missing"),
]  # fmt: skip

CONDITIONS = [
    when("a condition of nothing", "{}", "", "needs of (or option)"),
    when("two comparisons", '{ of = "fees", is = 1, below = 2 }', "", "one of is, is_not"),
    when("an empty all", "{ all = [] }", ".all", "at least one condition"),
    when("an empty among", '{ of = "region", among = [] }', ".among", "at least one word"),
    when("all beside a comparison", '{ all = [{ of = "fees", is = 1 }], is = 2 }', ".is",
         "known here: all"),
    when("conditions 25 deep", deep(25), ".not" * 20, "nested 20 deep"),
    when("compared with a flag", '{ of = "fees", is = true }', ".is", "true must be a number"),
    when("compared with two things", '{ of = "fees", is = { of = "voice", at = 1 } }', ".is.at",
         "here: of"),
    broken("conditions nested 1,000 deep", CAP_WHEN, f"when = {deep(1000)}", "(file)",
           "nested too deep"),
]  # fmt: skip

SHAPES = [*NUMBERS, *KINDS, *CONDITIONS]
