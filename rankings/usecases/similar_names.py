"""Names that are the same, or nearly: of companies and of persons, in any of our scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

# What says only that something is a company, or what every agency does. Folded, longest first.
COMPANY = (
    *("cong ty trach nhiem huu han", "trach nhiem huu han", "mot thanh vien", "hai thanh vien"),
    *("tong cong ty", "cong ty co phan", "cong ty tnhh", "cong ty cp", "cong ty", "co phan"),
    *("cty", "ctcp", "tnhh", "mtv", "jsc", "joint stock", "private limited", "limited", "ltd"),
    *(
        "pte",
        "pvt",
        "plc",
        "inc",
        "llc",
        "corporation",
        "corp",
        "company",
        "co ltd",
        "co limited",
        "cp",
        "group",
    ),
    *("tap doan", "chi nhanh", "xuat khau lao dong", "xuat nhap khau", "xkld"),
    *("cung ung nhan luc", "cung ung lao dong", "phat trien nhan luc", "nguon nhan luc"),
    *("nhan luc", "thuong mai va dich vu", "thuong mai", "dich vu", "dau tu", "phat trien"),
    *("quoc te", "viet nam", "vietnam", "cambodia", "myanmar", "international", "overseas"),
    *("employment", "recruitment", "agency", "agencies", "services", "service", "manpower"),
    *("human resources", "human resource", "supply", "development", "trading", "investment"),
    *("and",),
)
# Khmer, Burmese and Japanese write words without spaces.
UNSPACED = (
    *("ក្រុមហ៊ុន", "លីមីតធីត", "លីមីតធីដ", "ខូអិលធីឌី", "ឯកទត្តកម្ម", "សហគ្រាស", "អន្តរជាតិ"),
    *("អិលធីឌី", "ឯ.ក", "ម.ក", "ខូ"),
    *("ကုမ္ပဏီလီမိတက်", "ကုမ္ပဏီ", "လီမိတက်", "လိမိတက်", "အများနှင့်သက်ဆိုင်သော", "ပုဂ္ဂလိက"),
    *("အလုပ်အကိုင်ဝန်ဆောင်မှု", "ဝန်ဆောင်မှု", "အပြည်ပြည်ဆိုင်ရာ"),
    *("株式会社", "有限会社", "(株)", "(有)"),
)
TITLES = frozenset(("mr", "mrs", "ms", "dr", "ong", "ba", "u", "daw", "ko", "lok"))
_UNSPACED = re.compile("|".join(map(re.escape, sorted(UNSPACED, key=len, reverse=True))))
# `co` alone is Co. at the end only: in Vietnamese it begins names.
_COMPANY = re.compile(rf"\b(?:{'|'.join(sorted(COMPANY, key=len, reverse=True))}|co$)\b")
# Vowel signs of Khmer and Burmese count as letters; the marks of Latin letters lie here.
_MARKS = re.compile("[\u0300-\u036f]")
# Words of this length or longer may differ by a slip of the pen and still be the same word.
SLIP, MOST_SLIPS = 4, 2


@dataclass(frozen=True, slots=True)
class Key:
    """A name without what does not tell it apart: its words, and all of them in one."""

    words: tuple[str, ...]
    whole: str
    letters: int


def folded(text: str) -> str:
    """Small letters without marks, words apart by one space; for searching."""
    kept = unicodedata.normalize("NFKD", text.replace("Đ", "D").replace("đ", "d"))
    plain = unicodedata.normalize("NFC", _MARKS.sub("", kept)).casefold()
    return " ".join("".join(_letter(one) for one in plain).split())


def squeezed(text: str) -> str:
    """The same without spaces: in Khmer and Burmese they stand where the writer likes."""
    return folded(text).replace(" ", "")


def company(name: str) -> Key:
    """A company's name without its legal form and trade; all of it where nothing else is left."""
    spaced = _UNSPACED.sub(" ", unicodedata.normalize("NFKC", name))
    # `S.A.O.` is one word, `Co.,Ltd` are two.
    short = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", spaced)
    words = _COMPANY.sub(" ", folded(short)).split()
    return _key(words or folded(name).split())


def person(name: str) -> Key:
    """A person's name without a title."""
    words = folded(name).split()
    return _key(words[1:] if len(words) > 2 and words[0] in TITLES else words)


def alike(one: Key, other: Key) -> bool:
    """Whether two names are the same but for order, spacing or a slip of the pen."""
    if not one.whole or not other.whole:
        return False
    if one.whole == other.whole or sorted(one.words) == sorted(other.words):
        return True
    shorter = min(len(one.whole), len(other.whole))
    budget = 0 if shorter <= SLIP else 1 if shorter < 10 else MOST_SLIPS
    return _may_be_near(one, other, budget) and _is_slip(one, other, budget)


def pairs(named: Iterable[tuple[K, Key]]) -> list[tuple[K, K]]:
    """Pairs of different bearers of names that are alike, each pair once, in the given order."""
    found: dict[tuple[K, K], None] = {}
    for (first, one), (second, other) in combinations(named, 2):
        # Asked first and here, since nearly all pairs end with it.
        if (one.letters ^ other.letters).bit_count() > 2 * MOST_SLIPS or first == second:
            continue
        if (second, first) not in found and alike(one, other):
            found[first, second] = None
    return list(found)


def _key(words: Sequence[str]) -> Key:
    whole = "".join(words)
    letters = 0
    for one in whole:
        letters |= 1 << (ord(one) % 61)
    return Key(tuple(words), whole, letters)


def _letter(one: str) -> str:
    """Letters, digits and vowel signs stay; joiners vanish; everything else parts words."""
    kind = unicodedata.category(one)
    if kind[0] in "LM":
        return one
    if kind == "Nd":
        return str(unicodedata.decimal(one))
    return "" if kind == "Cf" or one in "'’" else " "


def _may_be_near(one: Key, other: Key, budget: int) -> bool:
    """Rules most pairs out before they are compared letter by letter."""
    near = abs(len(one.whole) - len(other.whole)) <= budget
    return near and (one.letters ^ other.letters).bit_count() <= 2 * budget


def _is_slip(one: Key, other: Key, budget: int) -> bool:
    """A slip changes letters within a word; another short word or number is another name."""
    if len(one.words) == len(other.words) and not all(_same_words(one.words, other.words)):
        return False
    return distance(one.whole, other.whole) <= budget


def _same_words(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[bool]:
    for mine, yours in zip(ours, theirs, strict=True):
        long = min(len(mine), len(yours)) >= SLIP
        yield mine == yours or (long and distance(mine, yours) <= 1)


@lru_cache(maxsize=10_000)
def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with the next one, to make one text of the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, mine in enumerate(one, 1):
        line = [at]
        for place, yours in enumerate(other, 1):
            cost = min(last[place] + 1, line[-1] + 1, last[place - 1] + (mine != yours))
            if at > 1 and place > 1 and mine == other[place - 2] and one[at - 2] == yours:
                cost = min(cost, before[place - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
