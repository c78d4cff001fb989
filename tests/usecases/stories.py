"""Invented reports: one told again in other words, others that only share their matter."""

from __future__ import annotations

from random import Random

# Each sentence in three wordings.
FAKE = (
    (
        "They asked me to pay 95 million dong before I could sign the contract.",
        "I had to pay 95 million dong before they let me sign the contract.",
        "Before I could sign the contract they wanted 95 million dong from me.",
    ),
    (
        "The office in the city gave no receipt for the money.",
        "For the money the office in the city gave me no receipt at all.",
        "There was no receipt for the money from the office in the city.",
    ),
    (
        "After four months I am still waiting for the flight to Osaka.",
        "I still wait for the flight to Osaka after four months.",
        "Four months later the flight to Osaka has still not come.",
    ),
    (
        "When I asked for the money back the manager shouted at me and closed the door.",
        "The manager shouted at me and closed the door when I wanted the money back.",
        "I asked for the money back, but the manager shouted and closed the door.",
    ),
    (
        "My family borrowed from the bank and must pay interest every month.",
        "My family must pay interest to the bank every month for what we borrowed.",
        "Every month my family pays interest for the money borrowed from the bank.",
    ),
)
OPENINGS = ("", "Hello. ", "Dear association, ", "Please help me. ", "I write for a friend. ")
# Parts of true stories; each sentence takes one of each.
PARTS = (
    ("I", "My sister", "My husband", "A friend of mine", "Our group", "My cousin", "The six of us"),
    ("work", "have been since May", "came two years ago", "live now", "was sent", "arrived late"),
    ("in Taipei", "in Nagoya", "in Seoul", "near Doha", "at a port in Bucharest", "on a farm"),
    ("sewing coats.", "with fish.", "caring for an old man.", "on roads.", "in a hotel kitchen."),
)
TROUBLES = (
    ("The employer", "The recruiter", "A broker", "The dormitory keeper", "Somebody of the firm"),
    ("took", "keeps", "never returned", "asked twice for", "says we owe", "cut", "hides"),
    ("the passport", "two wages", "a deposit", "the cost of the test", "our papers", "Sundays"),
    ("since spring", "at the airport", "although I paid", "by a letter", "against the contract"),
    ("and nobody listens.", "and laughs.", "so I cannot leave.", "as a fine.", "every time."),
)
WISHES = (
    ("Please", "Could you", "I only ask you to", "It would help to", "For my children,"),
    ("tell me the law", "call the embassy", "write to them", "find him", "get it back"),
    ("before Tet.", "soon.", "without my name.", "as others need it too.", "this year."),
)


def copy(random: Random) -> str:
    """The same story in other words and in another order."""
    said = [random.choice(ways) for ways in FAKE]
    for _ in range(random.randrange(3)):
        one, other = random.sample(range(len(said)), 2)
        said[one], said[other] = said[other], said[one]
    if random.random() < 0.3:
        said.pop(random.randrange(len(said)))
    return random.choice(OPENINGS) + " ".join(said)


def story(random: Random) -> str:
    """A complaint that somebody else might have written."""
    shapes = (PARTS, TROUBLES, TROUBLES, TROUBLES, WISHES)
    return " ".join(" ".join(map(random.choice, shape)) for shape in shapes)
