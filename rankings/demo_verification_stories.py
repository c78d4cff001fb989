"""What invented workers of the demonstration tell; nobody's name stands in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from rankings.usecases.help_lines import Line

OWN, OTHER, THIRD, CROWDED = 1, 10, 11, 13


@dataclass(frozen=True, slots=True)
class Story:
    """A complaint: on which day of which month it came in, how, about whom, and its words.

    `about` is the serial number of an agency, or what the worker wrote where that is none.
    """

    came: tuple[int, int]
    about: int | str
    happened: str
    topic: str = ""
    language: str = "vi"
    channel: str = "web"
    country: str = ""
    since: str = ""
    amount: str = ""
    currency: str = ""

    def said(self, company: str) -> dict[str, str]:
        """The fields of the form; `company` is the name that the worker knows."""
        return {
            "company": company,
            "happened": self.happened,
            "topic": self.topic,
            "since": self.since,
            "country": self.country,
            "amount": self.amount,
            "currency": self.currency,
            "contact": "",
            "may_count": "yes",
            "may_tell_agency": "yes",
            "audience": "association",
        }


def receipt(name: str) -> str:
    """The sixteen digits of a story, the same in every build."""
    drawn = hashlib.sha256(f"demonstration receipt {name}".encode()).digest()
    return f"{int.from_bytes(drawn) % 10**16:016}"


STORIES = {
    # Nobody has looked at it yet, and it is late.
    "received": Story(
        (9, 24),
        "Ví Dụ, không nhớ tên đầy đủ",
        "Tôi đã nộp hồ sơ tám tháng mà chưa được đi. Công ty không trả lời.",
        "deployment_delay",
    ),
    "asked": Story(
        (11, 10),
        OTHER,
        "Ký túc xá của chúng tôi bị khóa cửa ban đêm, chúng tôi không ra ngoài được.",
        "forced_labour",
        country="TW",
    ),
    "answered_question": Story(
        (11, 4),
        THIRD,
        "Công ty thu thêm 40 triệu đồng ngoài hợp đồng và không đưa biên lai cho tôi.",
        "fees",
        country="KR",
        amount="40 000 000",
        currency="VND",
    ),
    "due": Story(
        (10, 12),
        OWN,
        "The work in the contract was in a factory. I was sent to a building site.",
        "contract_substitution",
        language="en",
        country="RO",
    ),
    "late_answer": Story(
        (9, 8),
        OWN,
        "Lương của tôi bị trừ tiền phòng hai lần mỗi tháng.",
        "wages",
        country="TW",
    ),
    "heard": Story(
        (10, 6),
        OWN,
        "Công ty giữ bằng tốt nghiệp của tôi và không trả lại.",
        "documents_withheld",
    ),
    "substantiated": Story(
        (9, 3),
        OTHER,
        "ក្រុមហ៊ុនយកលិខិតឆ្លងដែនរបស់ខ្ញុំ ហើយមិនឲ្យវិញទេ។",
        "documents_withheld",
        language="km",
        country="TW",
    ),
    "remedied": Story(
        (9, 10),
        OWN,
        "Tôi đã trả phí hai lần và muốn nhận lại một lần.",
        "fees",
        channel="walk_in",
        amount="12 000 000",
        currency="VND",
    ),
    "overdue": Story(
        (9, 14),
        THIRD,
        "ကျွန်တော့်လစာကို နှစ်လ မပေးသေးပါ။",
        "wages",
        language="my",
        channel="partner",
        country="MY",
    ),
    "withdrawn": Story(
        (10, 19),
        14,
        "They promised a flight in September. I still wait.",
        "deployment_delay",
        language="en",
    ),
    "unconfirmed": Story(
        (9, 17),
        15,
        "Tiền bồi thường tai nạn chưa được trả cho tôi.",
        "compensation",
        channel="letter",
        country="KR",
    ),
    "rejected": Story(
        (9, 21),
        16,
        "Mẫu hợp đồng ở văn phòng khác với mẫu trên mạng.",
        "misrepresentation",
    ),
    # About no agency of the register.
    "closed": Story(
        (10, 26), "A shop next door", "They sold me a broken telephone.", "other", "en"
    ),
    "merged": Story(
        (11, 12),
        THIRD,
        "Công ty thu thêm 40 triệu đồng ngoài hợp đồng, không đưa biên lai cho tôi. Tôi viết lại.",
        "fees",
        country="KR",
    ),
    "telephone": Story(
        (11, 16),
        OWN,
        "The hours of the night shift were not paid for three months.",
        "wages",
        language="en",
        channel="telephone",
        country="TW",
    ),
    # Five on one agency within three days; two of them read almost the same.
    "crowd_1": Story(
        (11, 18),
        CROWDED,
        "Công ty không trả tiền đặt cọc cho tôi sau khi tôi về nước, dù hợp đồng ghi rõ.",
        "fees",
    ),
    "crowd_2": Story(
        (11, 18),
        CROWDED,
        "Công ty không trả tiền đặt cọc cho em sau khi em về nước, dù hợp đồng ghi rõ ràng.",
        "fees",
    ),
    "crowd_3": Story((11, 19), CROWDED, "Nobody answers at the office any more.", "", "en"),
    "crowd_4": Story((11, 20), CROWDED, "Tiền đặt cọc của tôi ở đâu?", "fees"),
    "crowd_5": Story((11, 20), CROWDED, "Văn phòng đã đóng cửa, không ai nghe máy.", "stranded"),
}

HELP = [
    Line(
        "urgent",
        "0000 000 001",
        {
            "en": "Demonstration help line: you are in danger",
            "vi": "Đường dây thử nghiệm: bạn đang gặp nguy hiểm",
            "km": "ខ្សែជំនួយសាកល្បង៖ អ្នកកំពុងមានគ្រោះថ្នាក់",
            "my": "စမ်းသပ် အကူအညီဖုန်းလိုင်း - သင် အန္တရာယ်ရှိနေလျှင်",
            "ja": "お試し用の相談電話：危険なとき",
        },
        {
            "en": "day and night",
            "vi": "cả ngày lẫn đêm",
            "km": "ទាំងថ្ងៃទាំងយប់",
            "my": "နေ့ရောညပါ",
            "ja": "24時間",
        },
        ["vi", "en"],
        is_free=True,
    ),
    Line(
        "help",
        "0000 000 002",
        {
            "en": "Demonstration help line of workers",
            "vi": "Đường dây thử nghiệm cho người lao động",
            "km": "ខ្សែជំនួយសាកល្បងសម្រាប់ពលករ",
            "my": "အလုပ်သမားများအတွက် စမ်းသပ် အကူအညီဖုန်းလိုင်း",
            "ja": "お試し用の労働者相談電話",
        },
        {
            "en": "Monday to Saturday, 8 to 20",
            "vi": "Thứ Hai đến thứ Bảy, 8 giờ đến 20 giờ",
            "km": "ច័ន្ទ ដល់ សៅរ៍ ម៉ោង 8 ដល់ 20",
            "my": "တနင်္လာမှ စနေ၊ 8 နာရီမှ 20 နာရီ",
            "ja": "月曜から土曜、8時から20時",
        },
        ["vi", "km", "my", "en"],
        is_free=False,
    ),
]
