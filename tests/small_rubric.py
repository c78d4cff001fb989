"""A small rubric with a bit of everything, in two languages; quicker to read than a shipped one."""

from rankings.scoring.source import RubricSource

DOCUMENT = """# A rubric for tests.
code = "small"
version = "1.0.0"
languages = ["en", "vi"]
finding_codes = ["passports"]

[evidence]
credit = { audit = 1, document = 0.90, self = 0.6 }
ageing = [{ grade = "audit", months = 24, becomes = "document" }]

[evidence.overclaim]
min_found = 5
rate_above = 0.20
credit_self = 0.4
ceiling = "low"

[total]
weights_sum = 100

# a: the first article
[[nodes]]
id = "a"
weight = 60

[[nodes]]
id = "b"
weight = 40

[[indicators]]
id = "1.1"
parent = "a"
type = "level"
options = [{ id = "no", points = 0 }, { id = "some", points = 50 }, { id = "all", points = 100 }]

[[indicators]]
id = "v1"
parent = "b"
type = "proportion"
p0 = 0.70
m = 10

[[bands]]
id = "high"
at_least = 70
stars = 5
nodes_at_least = { b = 50 }

[[bands]]
id = "low"
at_least = 0

[[caps]]
id = "K1"
ceiling = "low"
findings = ["passports"]
months = 24
"""

LABELS = """title = "Small code"
summary = "Short"

[nodes]
a = "First"
b = "Second"

[bands.high]
label = "High"
meaning = "Good"

[bands.low]
label = "Low"
meaning = "Not good"

[caps.K1]
label = "Passports"
sentence = "Passports were kept."

[indicators."1.1"]
question = "How many?"
guidance = "Count them."
evidence = "A list"

[indicators."1.1".options.no]
label = "None"
reason = "None had it."

[indicators."1.1".options.some]
label = "Some"
reason = "Some had it."

[indicators."1.1".options.all]
label = "All"
reason = "All had it."

[indicators.v1]
question = "Were you told?"
guidance = "Ask."
evidence = "Interviews"
reason = "{good} of {asked} said yes."
"""

SMALL = RubricSource(DOCUMENT, {"en": LABELS, "vi": LABELS.replace("Small code", "Bộ quy tắc")})


def changed(*pairs: tuple[str, str], version: str = "2.0.0") -> RubricSource:
    """The same with other texts in the document, and another number."""
    text = DOCUMENT
    for old, new in (('version = "1.0.0"', f'version = "{version}"'), *pairs):
        assert old in text, old
        text = text.replace(old, new, 1)
    return RubricSource(text, SMALL.labels)


HEAVIER = (("weight = 60", "weight = 55"), ("weight = 40", "weight = 45"))
