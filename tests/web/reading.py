"""A page read by Python's own parser: is it well formed, and what does it say?"""

from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr", "wbr"}
SILENT = {"style", "script"}
Attributes = dict[str, str | None]


@dataclass
class Element:
    """A tag with its attributes and all the text in it."""

    tag: str
    attributes: Attributes
    text: str = ""

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()


@dataclass
class Reader(HTMLParser):
    """Collects elements; whatever is wrongly nested is a fault."""

    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        if len(element.attributes) != len(attrs):
            self.faults.append(f"{tag} says an attribute twice")
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes {[one.tag for one in self.open]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


@dataclass(frozen=True)
class Read:
    """The elements of a page."""

    elements: list[Element]

    def all(self, tag: str, klass: str | None = None) -> list[Element]:
        return [
            one
            for one in self.elements
            if one.tag == tag and (klass is None or klass in one.classes)
        ]

    def one(self, tag: str, klass: str | None = None) -> Element:
        (found,) = self.all(tag, klass)
        return found

    @property
    def text(self) -> str:
        """What a reader sees or hears: the body, the title and the labels."""
        labels = [one.attributes.get("aria-label") or "" for one in self.elements]
        return "\n".join([self.one("title").text, self.one("body").text, *labels])


def read(html: str) -> Read:
    """The page; an AssertionError names what is not well formed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.faults == []
    assert [one.tag for one in reader.open] == []
    return Read(reader.elements)


def amounts(page: Read, which: int | None = None) -> Decimal:
    """The numbers that stand bold in the rows of a receipt, added up; `which` of each row."""
    total = Decimal(0)
    for row in page.all("p", "nums"):
        numbers = [Decimal(word) for word in row.text.split() if word[-1].isdigit()]
        total += sum(numbers if which is None else numbers[which : which + 1])
    return total
