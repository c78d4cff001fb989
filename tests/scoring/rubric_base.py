"""A sound rubric that uses every feature of the format, for tests that break it piece by piece."""

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
"""

ENGLISH = """\
title = "Code"
summary = "What this code asks."
[nodes]
conduct = "Conduct"
fees = "Fees"
papers = "Papers"
voice = "Voice"
complaints = "Complaints"
[indicators.no-fee]
question = "Is work free of fees?"
guidance = "Look at receipts."
evidence = "Ten worker files."
options.no = { label = "No", reason = "Workers pay fees." }
options.partly = { label = "Partly", reason = "Some workers pay fees." }
options.yes = { label = "Yes", reason = "No worker pays a fee." }
[indicators.receipts]
question = "Are there receipts?"
guidance = "Ask for the book."
evidence = "The receipt book."
options.none = { label = "None", reason = "There are no receipts." }
options.all = { label = "All", reason = "There are receipts for everything." }
[indicators.copy-days]
question = "After how many days is there a copy?"
guidance = "Count from the signing."
evidence = "Ten contracts."
reason = "Workers had their copy after {value} days."
[indicators.contract]
question = "How good is the contract?"
guidance = "Use the sheet."
evidence = "The sheet."
reason = "The contract has {value} points."
[indicators.heard]
question = "Were you listened to?"
guidance = "Ask alone."
evidence = "Interviews."
reason = "{good} of {asked} workers were listened to."
[indicators.answer-days]
question = "After how many days is there an answer?"
guidance = "Count working days."
evidence = "The register."
reason = "An answer takes {value} days."
[indicators.rate]
question = "How many complaints are there?"
guidance = "Count the upheld ones."
evidence = "The authority's register."
reason = "There were {rate} complaints per 1,000 workers."
[indicators.calls]
question = "Was your call answered?"
guidance = "Ask for a date."
evidence = "Interviews by telephone."
reason = "{good} of {asked} calls were answered."
[bands]
good = { label = "Good", meaning = "Keeps the code." }
fair = { label = "Fair", meaning = "Keeps most of the code." }
poor = { label = "Poor", meaning = "Breaks the code." }
[caps]
K1 = { label = "Passports kept", sentence = "Poor for 24 months." }
K2 = { label = "Illegal fee", sentence = "Poor for 12 months." }
K3 = { label = "No reply", sentence = "Fair until answered." }
K4 = { label = "Not returned", sentence = "Fair until it is returned." }
[states]
too_new = { label = "Too new" }
suspended = { label = "Suspended" }
[adjust]
slow = { label = "Slow answers" }
limits = { label = "Limits" }
"""

# The same words stand in for a second language; only their presence matters here.
TEXTS = {
    "rubric.toml": BASE,
    "labels.en.toml": ENGLISH,
    "labels.vi.toml": ENGLISH,
}
