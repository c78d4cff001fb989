"""Names that are alike are found; names that are not are left alone."""

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.usecases import similar_names
from rankings.usecases.similar_names import alike, company, distance, person

# Each pair could be one company under two names.
ALIKE = [
    ("Công ty Cổ phần Ví Dụ Sao Mai", "Cong ty CP Vi Du Sao Mai"),
    ("Công ty TNHH Ví Dụ Sao Mai", "Công ty cổ phần Ví Dụ Sao Mai"),
    ("Ví Dụ Sao Mai JSC", "Ví Dụ Sao Mai"),
    ("Ví Dụ Sao Mai", "VÍ DỤ SAO MAI"),
    ("Ví Dụ Sao Mai", "Ví Dụ SaoMai"),
    ("Ví Dụ Sao Mai", "Ví Dụ Sao Mái"),
    ("Ví Dụ Lúa Vàng", "Vi Du Lua Vang Co., Ltd"),
    ("Ví Dụ Lúa Vàng", "Ví Dụ Lúa Vàng Quốc tế"),
    ("Công ty TNHH MTV Ví Dụ Lúa Vàng", "Ví Dụ Lúa Vàng"),
    ("Công ty Cổ phần Cung ứng Nhân lực Ví Dụ Biển Xanh", "Công ty CP Nhân lực Ví Dụ Biển Xanh"),
    ("Ví Dụ Biển Xanh", "Biển Xanh Ví Dụ"),
    ("Ví-Dụ Biển Xanh", "Ví Dụ Biển Xanh"),
    ("Ví Dụ Biển Xanh", "Ví Dụ Biển Xannh"),
    ("Ví Dụ Thương Mại Núi Cao", "Ví Dụ Núi Cao Thương mại và Dịch vụ"),
    ("Công ty Cổ phần Đầu tư Ví Dụ Núi Cao", "Ví Dụ Núi Cao"),
    ("Ví Dụ Núi Cao", "Ví Dụ Núi Cao."),
    ("Ví Dụ Đồi Chè", "Vi Du Doi Che"),
    ("Ví Dụ Đồi Chè", "Ví Dụ Đồi Chè Việt Nam"),
    ("Tập đoàn Ví Dụ Đồi Chè", "Công ty Ví Dụ Đồi Chè"),
    ("Ví Dụ Cầu Tre XKLĐ", "Ví Dụ Cầu Tre"),
    ("Ví Dụ Cầu Tre", "Ví Dụ Cẩu Tre"),
    ("Ví Dụ Trăng Non", "Vidu Trang Non"),
    ("Ví Dụ Gió Nam", "Ví Dụ  Gió\u00a0Nam"),
    ("VIDU Sen Hồng J.S.C", "VIDU Sen Hồng"),
    ("Example Star Manpower Co., Ltd.", "Example Star Company Limited"),
    ("Example Star", "Exmaple Star"),
    ("Example Golden Rice Overseas Employment Agency", "Example Golden Rice Services"),
    ("Example Golden Rice", "Example Goldn Rice"),
    ("Example Blue Sea Pte Ltd", "Example BlueSea"),
    ("Example Blue Sea (Cambodia) Co., Ltd", "Example Blue Sea"),
    ("Example High Hill Human Resources", "Example High-Hill"),
    ("Example White Cloud Recruitment", "EXAMPLE WHITE CLOUD"),
    ("Example White Cloud", "Example White Clouds"),
    ("Example White Cloud", "Example White Cloud 2"),
    ("ក្រុមហ៊ុន ឧទាហរណ៍ ផ្កាយមាស", "ឧទាហរណ៍ផ្កាយមាស"),
    ("ឧទាហរណ៍ ផ្កាឈូក", "ឧទាហរណ៍\u200bផ្កាឈូក"),
    ("ឧទាហរណ៍ ទន្លេខៀវ ឯ.ក", "ឧទាហរណ៍ ទន្លេខៀវ"),
    ("ក្រុមហ៊ុន ឧទាហរណ៍ ភ្នំខ្ពស់ ខូអិលធីឌី", "ឧទាហរណ៍ ភ្នំខ្ពស់"),
    ("ឧទាហរណ៍ ដើមត្នោត", "ឧទាហរណ៍ ដើមត្នោតត"),
    ("ឧទាហរណ៍ មេឃស", "ឧទាហរណ៍ មេឃស អន្តរជាតិ"),
    ("ဥပမာ ရွှေကြယ် ကုမ္ပဏီလီမိတက်", "ဥပမာ ရွှေကြယ်"),
    ("ဥပမာ ကြာပန်း", "ဥပမာကြာပန်း"),
    ("ဥပမာ မြစ်ပြာ ကုမ္ပဏီ", "ဥပမာ မြစ်ပြာ လီမိတက်"),
    ("ဥပမာ တောင်မြင့်", "ဥပမာ တောင်မြင်"),
    ("ဥပမာ ပင်လယ် ဝန်ဆောင်မှု", "ဥပမာ ပင်လယ်"),
    ("株式会社 見本 明星", "見本明星"),
    ("見本 青い海(株)", "見本 青い海"),
    ("見本 黄金の稲 有限会社", "見本 黄金の稲"),
    ("Ví Dụ 24", "Ví Dụ ២៤"),
    ("Ví Dụ Mây Trắng", "Ví Dụ Mây Trắng Group"),
]
# Names of which no two are alike.
WORDS = ("Sao Mai", "Lúa Vàng", "Biển Xanh", "Núi Cao", "Mây Trắng", "Sen Hồng", "Trăng Non")
NUMBERS = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "2", "3")
OTHERS = (
    *("ឧទាហរណ៍ ផ្កាយមាស មួយ", "ឧទាហរណ៍ ផ្កាយមាស ពីរ", "ឧទាហរណ៍ ផ្កាឈូក បី", "ឧទាហរណ៍ ទន្លេខៀវ"),
    *("ဥပမာ ရွှေကြယ်", "ဥပမာ ကြာပန်း", "ဥပမာ မြစ်ပြာ", "ဥပမာ လပြည့်", "ဥပမာ နေမင်း"),
    *("Example Phka Chhouk", "Example Phnom Khpos", "Example Veal Srae", "Example Shwe Kyal"),
)


def unlike() -> list[tuple[str, str]]:
    """A thousand pairs of names that belong to different companies."""
    known = [f"Công ty Cổ phần Ví Dụ {one} {number}" for one, number in product(WORDS, NUMBERS)]
    known += OTHERS
    random = Random(5)
    return [tuple(random.sample(known, 2)) for _ in range(1_000)]  # type: ignore[misc]


def test_nine_in_ten_of_fifty_pairs_are_found() -> None:
    missed = [pair for pair in ALIKE if not alike(*map(company, pair))]
    assert len(ALIKE) == 50
    assert len(missed) <= 5, missed


def test_of_a_thousand_unlike_pairs_at_most_one_in_a_hundred_is_taken_for_alike() -> None:
    wrong = [pair for pair in unlike() if alike(*map(company, pair))]
    assert len(wrong) <= 10, wrong


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ví Dụ Sao Mai A", "Ví Dụ Sao Mai B"), ("Ví Dụ 1", "Ví Dụ 2"), ("Ba", "Bay"), ("", "")],
)
def test_another_short_word_or_number_is_another_name(one: str, other: str) -> None:
    assert not alike(company(one), company(other))


def test_a_name_of_nothing_but_company_words_keeps_them() -> None:
    assert company("Công ty TNHH Dịch vụ Quốc tế").whole == "congtytnhhdichvuquocte"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ông Nguyễn Ví Dụ", "NGUYEN VI DU"),
        ("U Ví Dụ Aung", "Ví Dụ Aung"),
        ("Dụ Nguyễn Ví", "Nguyễn Ví Dụ"),
    ],
)
def test_a_person_is_found_without_title_marks_and_order(one: str, other: str) -> None:
    assert alike(person(one), person(other))


def test_a_search_does_without_marks_and_spaces() -> None:
    assert similar_names.squeezed("Xuất  Khẩu") == similar_names.squeezed("xuatkhau")
    assert similar_names.squeezed("ផ្កាយ មាស") == "ផ្កាយមាស"


HOSTILE = st.text(max_size=60)


@given(HOSTILE, HOSTILE)
def test_any_text_can_be_compared_in_both_directions(one: str, other: str) -> None:
    ours, theirs = company(one), company(other)
    assert alike(ours, theirs) == alike(theirs, ours)
    assert bool(ours.whole) == alike(ours, ours)


@given(st.text("ab", max_size=8), st.text("ab", max_size=8))
def test_the_distance_is_zero_between_equals_only(one: str, other: str) -> None:
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) == distance(other, one) <= max(len(one), len(other))


def test_every_pair_is_named_once() -> None:
    named = [(1, company("Ví Dụ A")), (2, company("Vi Du A")), (1, company("Ví-Dụ A"))]
    assert similar_names.pairs(named) == [(1, 2)]
