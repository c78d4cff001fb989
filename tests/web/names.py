"""Names that try to break a page, and the pages of an edition."""

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'&amp;{{ 7*7 }}",
    "\u202e\u2067gnorw yaw eht\u200f \u202b العربية",
    "W" * 300,
    "ភ្នាក់ងារជ្រើសរើសពលករ" * 12,
    "Công ty TNHH  %(points)s %s ZWJ\u200d\u00ad",
)
LANGUAGES = ("en", "vi", "km", "my", "ja")


def places(association: str, language: str, agency: str) -> dict[str, str]:
    """The address of each kind of page."""
    start = f"/{association}/{language}"
    return {
        "ranking": f"{start}/",
        "receipt": f"{start}/agencies/{agency}/receipt",
        "method": f"{start}/method",
    }
