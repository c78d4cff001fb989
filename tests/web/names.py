"""Names that try to break a page, and where the pages of an edition are."""

from rankings.usecases import agency_codes

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'&amp;{{ 7*7 }}",
    "\u202e\u2067gnorw yaw eht\u200f \u202b العربية",
    "W" * 300,
    "ភ្នាក់ងារជ្រើសរើសពលករ" * 12,
    "Công ty TNHH  %(points)s %s ZWJ\u200d\u00ad",
)
LANGUAGES = ("en", "vi", "km", "my", "ja")
KINDS = (
    *("home", "ranking", "agency", "receipt", "compare"),
    *("method", "ranges", "sensitivity", "edition", "check", "association"),
)
# The first agency in each register of the demonstration.
FIRST = {
    "vidu": agency_codes.code("VN", 1),
    "kamru": agency_codes.code("KH", 1),
    "upama": agency_codes.code("MM", 1),
}


def places(association: str, language: str, agency: str, cycle: str = "2026") -> dict[str, str]:
    """The address of each kind of page but the front page."""
    start = f"/{association}/{language}"
    return {
        "ranking": f"{start}/",
        "agency": f"{start}/agencies/{agency}",
        "receipt": f"{start}/agencies/{agency}/receipt",
        "compare": f"{start}/compare?agency={agency}",
        "method": f"{start}/method",
        "ranges": f"{start}/method/ranges",
        "sensitivity": f"{start}/method/sensitivity",
        "edition": f"{start}/rankings/{cycle}/editions/1",
        "check": f"{start}/check",
        "association": f"{start}/association",
    }


def download(association: str, name: str, cycle: str = "2026", number: int = 1) -> str:
    """The address of a file of an edition."""
    return f"/{association}/rankings/{cycle}/editions/{number}/{name}"
