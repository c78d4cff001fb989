"""The words of the sound rubric that tests break."""

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
