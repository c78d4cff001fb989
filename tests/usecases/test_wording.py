"""What people write: cleaned of what nobody sees, counted as a reader counts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.usecases import wording


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("", 0),
        ("abc", 3),
        ("Ví Dụ", 5),
        ("vi\u0301 du\u0323", 5),
        ("ខ្ញុំ", 1),  # one letter with another below it and two marks
        ("ភាសាខ្មែរ", 4),
        ("မြန်မာ", 3),
        ("日本語", 3),
        ("👩\u200d👩\u200d👧", 1),
        ("👋\U0001f3fd", 1),
        ("🇻🇳🇰🇭", 2),
        ("a\nb", 3),
    ],
)
def test_letters_are_counted_as_a_reader_sees_them(text: str, letters: int) -> None:
    assert wording.length(unicodedata.normalize("NFC", text)) == letters


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\0b\x1bc\ud800d", "abcd"),
        ("\u202eabc\u2066d\u200f", "abcd"),
        ("ក\u200b\u200b\u200bខ", "ក\u200bខ"),
        ("\u200b\u2060\ufeffa\u200d", "a"),
        ("a\u00adb\u3164c\u2800d\U000e0041e\ue000f", "abcdef"),
        ("a\r\n\r\n \r\n\r\nb\u2028c\td", "a\n\nb\nc d"),
        ("e\u0301", "é"),
    ],
)
def test_what_nobody_sees_is_taken_out(text: str, kept: str) -> None:
    assert wording.cleaned(text) == kept


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("a" + "\u0301" * 10_000, wording.PILED),
        ("\u200b" * 10_000, wording.NO_LETTERS),
        (". . .", wording.NO_LETTERS),
        ("ab", wording.size(3, 5)),
        ("abcdef", wording.size(3, 5)),
        ("e\u0316\u0301\u0308\u0327\u0328" * 5, wording.size(3, 5)),
        ("abcde", None),
        ("ខ្ញុំ" * 5, wording.size(3, 5)),
    ],
)
def test_what_cannot_be_printed_is_refused(text: str, remedy: str | None) -> None:
    found = wording.faults("text", wording.cleaned(text), 3, 5)
    assert [one.remedy for one in found] == ([remedy] if remedy else [])


def test_real_sentences_of_every_script_are_kept() -> None:
    for text in (
        "Chúng tôi đã trả lại tiền cho mọi người lao động.",
        "យើង\u200bបាន\u200bប្រគល់\u200bប្រាក់\u200bវិញ។",
        "အလုပ်သမားအားလုံးကို ငွေပြန်အမ်းပြီးပါပြီ။",
        "全員に返金しました。",
    ):
        kept = wording.cleaned(text)
        assert kept == unicodedata.normalize("NFC", text)
        assert wording.faults("text", kept, 1, 100) == []


@given(st.text())
def test_cleaning_is_done_once_and_leaves_nothing_unseen(text: str) -> None:
    kept = wording.cleaned(text)
    assert wording.cleaned(kept) == kept
    unseen = {one for one in kept if unicodedata.category(one) in {"Cc", "Cs", "Co", "Cn"}}
    assert unseen <= {"\n"}
    assert wording.length(kept) <= len(kept)
    kept.encode("utf-8")
