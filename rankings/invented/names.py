"""Names of invented agencies: each begins with the word for "example", so it belongs to nobody."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

NUMBERS = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
VIETNAMESE = (
    ("Sao Mai", "明星"),
    ("Lúa Vàng", "黄金の稲"),
    ("Biển Xanh", "青い海"),
    ("Núi Cao", "高い山"),
    ("Mây Trắng", "白い雲"),
    ("Sen Hồng", "赤い蓮"),
    ("Trăng Non", "新月"),
    ("Gió Nam", "南風"),
    ("Cầu Tre", "竹の橋"),
    ("Đồi Chè", "茶の丘"),
)
KHMER = (
    ("ផ្កាយមាស", "Phkay Meas"),
    ("ផ្កាឈូក", "Phka Chhouk"),
    ("ទន្លេខៀវ", "Tonle Khiev"),
    ("ភ្នំខ្ពស់", "Phnom Khpos"),
    ("ដើមត្នោត", "Daeum Thnaot"),
    ("មេឃស", "Mekh Sa"),
    ("វាលស្រែ", "Veal Srae"),
    ("ស្ពានថ្ម", "Spean Thma"),
)
KHMER_NUMBERS = (("មួយ", "Muoy"), ("ពីរ", "Pi"), ("បី", "Bei"))
BURMESE = (
    ("ရွှေကြယ်", "Shwe Kyal"),
    ("ကြာပန်း", "Kyar Pan"),
    ("မြစ်ပြာ", "Myit Pyar"),
    ("တောင်မြင့်", "Taung Myint"),
    ("နေမင်း", "Nay Min"),
    ("လပြည့်", "La Pyae"),
    ("စပါးခင်း", "Sabar Khin"),
    ("ပင်လယ်", "Pin Le"),
    ("တံတားဖြူ", "Tada Phyu"),
    ("ဆင်ဖြူ", "Sin Phyu"),
    ("ငှက်နီ", "Hnget Ni"),
    ("တိမ်ဖြူ", "Tein Phyu"),
    ("သစ်ပင်", "Thit Pin"),
    ("ပိတောက်", "Padauk"),
    ("ဟင်္သာ", "Hintha"),
)
# As old files have them: the same two names in the Zawgyi encoding. The second is Unicode by 2026,
# which must not look like a change of name.
ZAWGYI = {("2025", 0): "ေရႊၾကယ္", ("2026", 0): "ေရႊၾကယ္", ("2025", 1): "ၾကာပန္း"}
RENAMED = {
    "vidu": {"name_vi": "Ví Dụ Bình Minh Mới", "name_en": "Example Binh Minh Moi Co."},
    "kamru": {"name_km": "ឧទាហរណ៍ ព្រះអាទិត្យថ្មី", "name_en": "Example Preah Atit Thmei Co."},
}


def names(association: str, number: int, cycle: str) -> dict[str, str]:
    """The names of the n-th agency in that cycle's register, by column."""
    return NAMED[association](number, cycle)


def renamed(association: str) -> dict[str, str]:
    """What an agency is called that has changed its name."""
    return RENAMED[association]


def _vietnamese(number: int, cycle: str) -> dict[str, str]:
    first, second = divmod(number, len(NUMBERS))
    name, japanese = VIETNAMESE[first]
    found = {"name_vi": f"Ví Dụ {name} {NUMBERS[second]}"}
    if number % 12 == 4:
        found["name_ja"] = f"見本 {japanese} {second + 1}"
    if number % 9 != 7:
        found["name_en"] = f"Example {plain(name)} {plain(NUMBERS[second])} Co."
    return found


def _khmer(number: int, cycle: str) -> dict[str, str]:
    turn, at = divmod(number, len(KHMER))
    name, latin = KHMER[at]
    khmer, spoken = KHMER_NUMBERS[turn]
    return {
        "name_km": f"ឧទាហរណ៍ {name} {khmer}",
        "name_en": f"Example {latin} {spoken} Co.",
    }


def _burmese(number: int, cycle: str) -> dict[str, str]:
    name, latin = BURMESE[number]
    written = ZAWGYI.get((cycle, number), name)
    return {"name_my": f"ဥပမာ {written}", "name_en": f"Example {latin} Co."}


def plain(name: str) -> str:
    """A Vietnamese name without its marks."""
    apart = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(one for one in apart if not unicodedata.combining(one))


NAMED: dict[str, Callable[[int, str], dict[str, str]]] = {
    "vidu": _vietnamese,
    "kamru": _khmer,
    "upama": _burmese,
}
