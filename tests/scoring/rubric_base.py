"""A sound rubric that uses every feature of the format, for tests that break it piece by piece."""

from tests.scoring.rubric_words import ENGLISH

__all__ = ["BASE", "ENGLISH", "TEXTS"]

BASE = """\
code = "base"
version = "1.0.0"
languages = ["en", "vi"]
finding_codes = ["passport_kept", "illegal_fee", "no_reply"]

[scale]
max = 100
decimals = 1
rounding = "half_up"
direction = "higher_is_better"

[evidence]
credit = { audit = 1, document = 0.9, self = 0.6 }
confidence = { audit = 1, document = 0.8, self = 0.3 }
ageing = [
  { grade = "audit", months = 24, becomes = "document" },
  { grade = "document", expired = true, becomes = "self" },
]

[evidence.overclaim]
min_found = 5
rate_above = 0.20
z = 1.6449
credit_self = 0.4
ceiling = "fair"

[missing]
empty = "not_answered"
min_applicable = 0.6
min_applicable_total = 0.8
disputed_above = 0.10

[total]
weights_sum = 100
min_children = 2

[[nodes]]
id = "conduct"
weight = 50
weights_sum = 3

[[nodes]]
id = "fees"
parent = "conduct"
weight = 2
aggregate = "geometric"
floor = 0.1
min_applicable = 0.5

[[nodes]]
id = "papers"
parent = "conduct"
weight = 1
aggregate = "sum"
round_to = 0.01

[[nodes]]
id = "voice"
weight = 30
aggregate = "start"
start = "heard"
adjust = [
  { id = "slow", when = { of = "answer-days", below = 20 }, add = -5 },
  { id = "limits", at_least = 0, at_most = 100 },
]

[[nodes]]
id = "complaints"
weight = 20

[[indicators]]
id = "no-fee"
parent = "fees"
type = "level"
not_applicable = true
empty = "not_applicable"
options = [
  { id = "no", points = 0 },
  { id = "partly", points = 50 },
  { id = "yes", points = 100 },
]

[[indicators]]
id = "receipts"
parent = "fees"
type = "level"
options = [{ id = "none", points = 0 }, { id = "all", points = 100 }]

[[indicators]]
id = "copy-days"
parent = "papers"
type = "numeric"
max = 40
worst = 30
best = 1

[[indicators]]
id = "contract"
parent = "papers"
type = "points"
min = 0
max = 60

[[indicators]]
id = "heard"
parent = "voice"
type = "proportion"
p0 = 0.70
m = 10
min_respondents = 5

[[indicators]]
id = "answer-days"
parent = "voice"
type = "numeric"
worst = 90
best = 2
transform = "log"

[[indicators]]
id = "rate"
parent = "complaints"
type = "rate"
mu = 10.0
k = 0.3
phi = 2.5
peers_by = "region"
peers = { north = { mu = 12.5, k = 0.4, phi = 2 }, south = { mu = 8, k = 0.2 } }
per = 1000
severity = { minor = 1, serious = 10 }
outcome = { substantiated = 1, remedied = 0.5 }
steps = [1, 0.5, 0.25]
curve = [[0, 100], [1, 70], [4, 0]]

[[indicators]]
id = "calls"
parent = "complaints"
type = "proportion"
shrunk = false

[banding]
by = "points"
buffer = 1.0

[[bands]]
id = "good"
at_least = 85
pillars_at_least = 70
nodes_at_least = { voice = 50, fees = 60 }
each_at_least = 1
each_at_most = 100
confidence_at_least = 65
interviews_at_least = 20
when = { any = [
  { of = "visits", at_least = 1 },
  { option = "no-fee", among = ["partly", "yes"] },
  { not = { of = "fees", above = { of = "voice" } } },
] }
stars = 3

[[bands]]
id = "fair"
at_least = 55
stars = 2

[[bands]]
id = "poor"
at_least = 0
stars = 1

[[caps]]
id = "K1"
ceiling = "poor"
findings = ["passport_kept"]
months = 24

[[caps]]
id = "K2"
ceiling = "poor"
findings = ["illegal_fee"]
months = 12
relaxed = { when = "repaid", ceiling = "fair" }

[[caps]]
id = "K3"
ceiling = "fair"
findings = ["no_reply"]
until = "answered"

[[caps]]
id = "K4"
ceiling = "fair"
when = { of = "returned", is = "no" }

[[states]]
id = "too_new"
when = { of = "months_licensed", below = 12 }

[[states]]
id = "suspended"

[[fields]]
id = "months_licensed"

[[fields]]
id = "visits"
type = "number"

[[fields]]
id = "region"
type = "text"

[[fields]]
id = "returned"
type = "yes_no"

[rank]
by = "published"
ties = "dense"
tie_break = [{ of = "voice", order = "highest_first" }, { of = "visits", order = "lowest_first" }]

[ranges]
draws = 500
shift = { audit = 0.05, self = 0.30 }
over_claimed = 0.75
borderline_below = 0.65
places_from = 0.72
place_ranges_from = 0.51
"""

# The same words stand in for a second language; only their presence matters here.
TEXTS = {
    "rubric.toml": BASE,
    "labels.en.toml": ENGLISH,
    "labels.vi.toml": ENGLISH,
}
