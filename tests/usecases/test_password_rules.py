"""Which passwords are taken and which are too easy."""

import pytest

from rankings.errors import Invalid
from rankings.usecases import password_rules

KNOWN = ("linh.nguyen@example.org", "Alpha Association")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "bốn con mèo ngủ trưa",
        "ឆ្មាបួនក្បាលដេកថ្ងៃ",
        "ကြောင်လေးကောင်အိပ်နေသည်",
        "xK9#vQ2$mL7p",
        "x1" + "yz3" * 340 + "é",
    ],
)
def test_long_passwords_of_any_script_are_taken(password: str) -> None:
    password_rules.check(password, KNOWN)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("", "at least 12"),
        ("x" * 1_025, "1024 bytes"),
        ("ម" * 342, "1024 bytes"),
        ("aaaaaaaaaaaa", "repeat"),
        ("abcabcabcabcabc", "repeat"),
        ("horse1horse1horse1", "repeat"),
        ("123456789012", "follow"),
        ("qwertyuiopas", "follow"),
        ("QWERTY uiop asdf", "follow"),
        ("poiuytrewqlkjh", "follow"),
        ("1qaz2wsx3edc", "follow"),
        ("abcdefghijklm", "follow"),
        ("Password1234567", "well-known"),
        ("passwordpassword1", "well-known"),
        ("welcomeadmin1", "well-known"),
        ("linh.nguyen@example.org", "own name"),
        ("linhnguyen2026", "own name"),
        ("Alpha Association 1", "own name"),
    ],
)
def test_what_is_easy_to_guess_is_refused_and_not_repeated(password: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refusal:
        password_rules.check(password, KNOWN)
    assert refusal.value.problems[0].value == ""
