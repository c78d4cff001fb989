"""A sound fee cap row, and rows with one mistake each."""

SOUND = """
[[caps]]
origin = "VN"
destination = "JP"
programme = "ship-crew"
contract_months_from = 12
contract_months_to = 36
months_of_wage = 1.5
per_contract_months = 12
at_most_months = 3
valid_from = 2022-01-01
valid_to = 2029-12-31
legal_reference = "Act 1, Article 2"
source = "https://law.example/act-1"
verified = true
"""
WAGE = "months_of_wage = 1.5\nper_contract_months = 12\nat_most_months = 3\n"

# What is replaced, by what, the place of the mistake, and what the sentence says.
BROKEN = [
    ('origin = "VN"\n', "", "caps[1].origin", "is missing"),
    ('"VN"', '"VNM"', "caps[1].origin", "'VNM' is not a country code such as VN"),
    ('"VN"', '"*"', "caps[1].origin", "'*' is not a country code"),
    ('"VN"', "84", "caps[1].origin", "84 must be a text"),
    ('"JP"', '"Japan"', "caps[1].destination", "'Japan' is not a country code such as VN, or"),
    ('"ship-crew"', '"Ship crew"', "caps[1].programme", "'Ship crew' must be \"*\" or a word"),
    ("from = 12", "from = 0", "caps[1].contract_months_from", "0 must be a whole number from 1"),
    ("from = 12", "from = 1.5", "caps[1].contract_months_from", "1.5 must be a whole number"),
    ("to = 36", "to = 6", "caps[1].contract_months_to", "6 is below contract_months_from, 12"),
    (WAGE, "", "caps[1]", "needs exactly one of amount, months_of_wage, zero; here: none"),
    (WAGE, f"{WAGE}zero = true\n", "caps[1]", "here: months_of_wage and zero"),
    (WAGE, f'{WAGE}amount = 5\ncurrency = "USD"\n', "caps[1]", "amount and months_of_wage"),
    (WAGE, "zero = false\n", "caps[1].zero", "must be true, or be left out"),
    (WAGE, "amount = 5\n", "caps[1].currency", "is missing"),
    (WAGE, 'amount = 5\ncurrency = "dollar"\n', "caps[1].currency", "'dollar' is not a currency"),
    (WAGE, 'amount = 0.5\ncurrency = "USD"\n', "caps[1].amount", "0.5 must be a whole number"),
    (WAGE, 'amount = -5\ncurrency = "USD"\n', "caps[1].amount", "-5 must be a whole number from 1"),
    (WAGE, f'{WAGE}currency = "USD"\n', "caps[1].currency", "belongs to amount"),
    ("= 1.5", "= 0", "caps[1].months_of_wage", "0 must be above 0"),
    ("= 1.5", '= "one"', "caps[1].months_of_wage", "'one' must be a number"),
    ("per_contract_months = 12\n", "", "caps[1].at_most_months", "belongs to per_contract_months"),
    (WAGE, "zero = true\nper_contract_months = 12\n", "caps[1].per_contract_months", "belongs to"),
    (
        "per_contract_months = 12",
        "per_contract_months = 0",
        "caps[1].per_contract_months",
        "0 must",
    ),
    ("valid_from = 2022-01-01\n", "", "caps[1].valid_from", "is missing"),
    ("= 2022-01-01", '= "2022"', "caps[1].valid_from", "'2022' must be a day such as 2022-01-01"),
    ("2029-12-31", "2029-12-31T00:00:00", "caps[1].valid_to", "must be a day"),
    ("2029-12-31", "2021-12-31", "caps[1].valid_to", "2021-12-31 is before valid_from, 2022-01-01"),
    ('"Act 1, Article 2"', '" "', "caps[1].legal_reference", "must be a text that is not empty"),
    ('"Act 1, Article 2"', f'"{"x" * 301}"', "caps[1].legal_reference", "has 301 characters"),
    ('"https://law.example/act-1"', '"the act"', "caps[1].source", "'the act' must be one address"),
    ("verified = true\n", "", "caps[1].verified", "is missing: true or false"),
    ("verified = true", 'verified = "yes"', "caps[1].verified", "'yes' must be true or false"),
    ("verified = true", "verified = true\nnote = 1", "caps[1].note", "is not a key of this format"),
    (SOUND, "", "caps", "at least one [[caps]] row is needed"),
    (SOUND, "caps = 1", "caps", "1 must be a list"),
    (SOUND, SOUND + SOUND, "caps[2]", "covers the same cases and days as caps[1]"),
    ("[[caps]]", "[caps", "(file)", "is not valid TOML"),
]
