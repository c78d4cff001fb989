"""PDF files: what could act is found, what is protected is refused."""

import struct
import zlib
from collections.abc import Callable

import pytest
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from rankings.adapters import evidence
from rankings.adapters.evidence_kinds import Unfit
from tests.adapters.evidence_files import pdf, written

Change = Callable[[PdfWriter], object]


def changed(change: Change) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    change(writer)
    return written(writer)


def action(kind: str, **more: str) -> DictionaryObject:
    said = {NameObject(f"/{key}"): TextStringObject(value) for key, value in more.items()}
    return DictionaryObject({NameObject("/S"): NameObject(f"/{kind}"), **said})


def on_opening(found: DictionaryObject) -> Change:
    return lambda writer: writer.root_object.update({NameObject("/OpenAction"): found})


def in_annotation(found: DictionaryObject) -> Change:
    """Behind two references, as most programs write it."""

    def change(writer: PdfWriter) -> None:
        behind = DictionaryObject(
            {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): found}
        )
        writer.pages[0][NameObject("/Annots")] = ArrayObject([behind])

    return change


def on_page(found: DictionaryObject) -> Change:
    opened = DictionaryObject({NameObject("/O"): found})
    return lambda writer: writer.pages[0].update({NameObject("/AA"): opened})


def form(writer: PdfWriter) -> None:
    """A form in XML, which may hold scripts of its own."""
    stream = StreamObject()
    stream.set_data(b"<xdp/>")
    field = DictionaryObject({NameObject("/XFA"): stream})
    writer.root_object[NameObject("/AcroForm")] = field


def named_script(writer: PdfWriter) -> None:
    """One that runs when the file opens, by its name."""
    named = ArrayObject([TextStringObject("a"), action("JavaScript", JS="app.alert(1)")])
    scripts = DictionaryObject({NameObject("/Names"): named})
    names = DictionaryObject({NameObject("/JavaScript"): scripts})
    writer.root_object[NameObject("/Names")] = names


ACTIVE: dict[str, Change] = {
    "script": named_script,
    "script on opening": on_opening(action("JavaScript", JS="app.alert(1)")),
    "program": in_annotation(action("Launch", F="cmd.exe")),
    "form sent": in_annotation(action("SubmitForm", F="https://example.org")),
    "data taken in": in_annotation(action("ImportData", F="a.fdf")),
    "other file": in_annotation(action("GoToR", F="b.pdf")),
    "file within": in_annotation(action("GoToE")),
    "sound": in_annotation(action("Sound")),
    "attached file": lambda writer: writer.add_attachment("a.exe", b"MZ"),
    "form in XML": form,
    "page": on_page(action("Named", N="Print")),
    "address on opening": on_opening(action("URI", URI="https://example.org")),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_what_could_act_is_found_and_kept_as_it_came(name: str) -> None:
    body = changed(ACTIVE[name])
    taken = evidence.accept("letter.pdf", body)
    assert taken.has_active_content
    assert taken.stored == body


def in_packed_objects(action: bytes) -> bytes:
    """A file whose objects all lie in a compressed stream."""
    held = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>"]
    held += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>"]
    held += [b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A " + action + b">>"]
    starts = [sum(map(len, held[:n])) + n for n in range(len(held))]
    head = " ".join(f"{n} {at}" for n, at in enumerate(starts, 1)).encode() + b" "
    objects = zlib.compress(head + b"\n".join(held))
    kind = b"/Type/ObjStm/N 4/First %d/Filter/FlateDecode" % len(head)
    body = b"%PDF-1.5\n" + stream(5, kind, objects)
    places = [(0, 0, 0), *((2, 5, n) for n in range(4)), (1, 9, 0), (1, len(body), 0)]
    table = b"".join(struct.pack(">BHB", *place) for place in places)
    told = b"/Type/XRef/Size 7/W[1 2 1]/Root 1 0 R"
    return body + stream(6, told, table) + b"startxref\n%d\n%%%%EOF\n" % len(body)


def stream(number: int, kind: bytes, content: bytes) -> bytes:
    start = b"%d 0 obj\n<<%s/Length %d>>stream\n" % (number, kind, len(content))
    return start + content + b"\nendstream\nendobj\n"


@pytest.mark.parametrize(
    ("action", "acts"), [(b"<</S/Launch/F(a)>>", True), (b"<</S/URI/URI(http://a)>>", False)]
)
def test_packed_objects_are_looked_at(action: bytes, acts: bool) -> None:
    body = in_packed_objects(action)
    assert b"/Launch" not in body
    assert evidence.accept("letter.pdf", body).has_active_content == acts


def test_a_name_in_other_signs_is_the_same_name() -> None:
    body = changed(ACTIVE["program"]).replace(b"/Launch", b"/L#61unch")
    assert evidence.accept("letter.pdf", body).has_active_content


def test_what_an_older_state_of_the_file_held_is_found() -> None:
    head, _, tail = pdf().partition(b"\n")
    body = head + b"\n9 0 obj\n<</S /JavaScript /JS (x)>>\nendobj\n" + tail
    assert evidence.accept("letter.pdf", body).has_active_content


HARMLESS: dict[str, Change] = {
    "nothing": lambda writer: None,
    "link": lambda writer: writer.add_annotation(
        0, Link(rect=(0, 0, 9, 9), url="https://example.org")
    ),
    "link within": in_annotation(action("GoTo")),
    "first page": on_opening(action("GoTo")),
    "first place": lambda writer: writer.root_object.update(
        {
            NameObject("/OpenAction"): ArrayObject(
                [NumberObject(0), NameObject("/XYZ"), NullObject()]
            )
        }
    ),
    "contents": lambda writer: writer.add_outline_item(title="One", page_number=0),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_links_and_contents_are_harmless(name: str) -> None:
    assert not evidence.accept("letter.pdf", changed(HARMLESS[name])).has_active_content


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
@pytest.mark.parametrize("password", ["secret", ""])
def test_a_protected_pdf_is_refused(algorithm: str, password: str) -> None:
    body = changed(lambda writer: writer.encrypt(password, "owner", algorithm=algorithm))
    with pytest.raises(Unfit, match="protected by a password: remove the password"):
        evidence.accept("letter.pdf", body)
