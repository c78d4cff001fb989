"""ZIP files that lie: each entry may say other things in its local header and in the directory."""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

LOCAL = ("version", "flags", "method", "time", "date", "crc", "packed", "size")
CENTRAL = ("made", *LOCAL, "extra", "comment", "disk", "inner", "outer", "start")

TABLE = '<row r="1"><c r="A1" t="inlineStr"><is><t>agency</t></is></c></row>'
CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
ROOT = "http://schemas.openxmlformats.org/"
KIND = f"{ROOT}officeDocument/2006/relationships"
WORKBOOK = (
    f'<workbook xmlns="{ROOT}spreadsheetml/2006/main" xmlns:r="{KIND}">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = f"""<Relationships xmlns="{ROOT}package/2006/relationships">
<Relationship Id="r1" Type="{KIND}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{KIND}/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="r3" Type="{KIND}/styles" Target="styles.xml"/>
</Relationships>"""
STRINGS = "<sst><si><t>one</t></si></sst>"
STYLES = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def sheet(rows: str = TABLE, before: str = "", after: str = "") -> str:
    start = f'<worksheet xmlns="{ROOT}spreadsheetml/2006/main">'
    return f"{start}{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def parts(**changed: str | bytes) -> dict[str, bytes]:
    """A small good workbook, some of its parts changed."""
    names = {
        "types": ("[Content_Types].xml", CONTENT_TYPES),
        "book": ("xl/workbook.xml", WORKBOOK),
        "relations": ("xl/_rels/workbook.xml.rels", RELATIONS),
        "sheet": ("xl/worksheets/sheet1.xml", sheet()),
        "strings": ("xl/sharedStrings.xml", STRINGS),
        "styles": ("xl/styles.xml", STYLES),
    }
    texts = {name: changed.get(key, usual) for key, (name, usual) in names.items()}
    return {name: text.encode() if isinstance(text, str) else text for name, text in texts.items()}


@dataclass
class Entry:
    """One entry; `local` and `central` say what differs from the truth."""

    name: str
    content: bytes = b""
    method: int = 8
    flags: int = 0
    local: Mapping[str, int] = field(default_factory=dict)
    central: Mapping[str, int] = field(default_factory=dict)
    local_name: str | None = None
    extra: bytes = b""
    after: bytes = b""
    packed: bytes | None = None

    def data(self) -> bytes:
        if self.packed is not None:
            return self.packed
        packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
        return packer.compress(self.content) + packer.flush() if self.method == 8 else self.content

    def truth(self) -> dict[str, int]:
        crc, packed, size = zlib.crc32(self.content), len(self.data()), len(self.content)
        told = {"crc": crc, "packed": packed, "size": size}
        return {"version": 20, "flags": self.flags, "method": self.method, **told}


def entries(contents: Mapping[str, bytes] | None = None) -> list[Entry]:
    given = parts() if contents is None else contents
    return [Entry(name, content) for name, content in given.items()]


def pack(
    items: Sequence[Entry],
    *,
    prefix: bytes = b"",
    large: Mapping[str, int] | None = None,
    **end: Any,
) -> bytes:
    """The file; `end` says what differs in its last record, `large` in a ZIP64 one."""
    out, directory = bytearray(prefix), bytearray()
    for item in items:
        name, start, truth = item.name.encode("latin-1"), len(out), item.truth()
        local_name = name if item.local_name is None else item.local_name.encode("latin-1")
        told = [{**truth, **item.local}.get(key, 0) for key in LOCAL]
        sizes = (len(local_name), len(item.extra))
        out += struct.pack("<4s5H3L2H", b"PK\x03\x04", *told, *sizes)
        out += local_name + item.extra + item.data() + item.after
        central = {"start": start, **truth, "extra": len(item.extra), **item.central}
        values = [central.get(key, 0) for key in CENTRAL]
        values.insert(9, len(name))
        directory += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *values) + name + item.extra
    start = end.get("start", len(out))
    out += directory
    numbers = {"entries": len(items), "size": len(directory), "start": start}
    if large is not None:
        out += _large_end(len(out), {**numbers, **large})
    return bytes(out) + _end({**numbers, **end})


def _large_end(at: int, told: Mapping[str, int]) -> bytes:
    numbers = (told["entries"], told["entries"], told["size"], told["start"])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, *numbers)
    return record + struct.pack("<4sLQL", b"PK\x06\x07", 0, told.get("at", at), 1)


def _end(told: Mapping[str, Any]) -> bytes:
    disk, entries_ = told.get("disk", 0), told["entries"]
    here = told.get("here", entries_)
    numbers = (disk, 0, here, entries_, told["size"], told["start"], told.get("comment", 0))
    tail: bytes = told.get("tail", b"")
    return struct.pack("<4s4H2LH", b"PK\x05\x06", *numbers) + tail


def changed(at: int = 3, **change: Any) -> bytes:
    """The good workbook with one entry changed; number 3 is the sheet."""
    items = entries()
    items[at] = replace(items[at], **change)
    return pack(items)


def with_part(name: str, content: bytes = b"<a/>", **change: Any) -> bytes:
    return pack([*entries(), Entry(name, content, **change)])


def overlapping() -> bytes:
    """Two entries of the directory for the same bytes."""
    items = entries()
    last = items[-1]
    start = len(pack(items[:-1])) - len(_directory(items[:-1]))
    twin = replace(last, name="xl/theme/theme1.xml", central={"start": start})
    return pack([*items, twin])


def _directory(items: Sequence[Entry]) -> bytes:
    return b"".join(b"\0" * (46 + len(item.name) + len(item.extra)) for item in items) + b"\0" * 22


def quoted() -> bytes:
    """An entry whose data holds the next entry, header and all."""
    items = entries()
    inner = pack(items[-1:])[: -len(_directory(items[-1:]))]
    outer = Entry("xl/theme/theme1.xml", inner, method=0)
    whole = pack([*items[:-1], outer])
    start = len(whole) - len(_directory([*items[:-1], outer])) - len(inner)
    ghost = replace(items[-1], central={"start": start}, packed=b"")
    return pack([*items[:-1], outer, ghost])


def noise(size: int) -> bytes:
    """XML that shrinks, but not as much as is suspicious."""
    unlike = (os.urandom(500).hex().encode() for _ in range(size // 31_000))
    return b"<a>" + b"".join(b"<!--%s-->" % (hexes + b" " * 30_000) for hexes in unlike) + b"</a>"


LARGE = (0xFFFFFFFF, struct.pack("<2HQ", 1, 8, 4))
END, TWO = "data after its end", "says two things about one part"
OUT, LONG = "name leads out of the file", "damaged or longer than it says"
LINK, DEVICE = (stat.S_IFLNK | 0o777) << 16, (stat.S_IFCHR | 0o666) << 16
WRONG_SIZES = b"PK\x07\x08" + struct.pack("<3L", 1, 2, 3)

Case = tuple[Callable[[], bytes], str]
ZIPS: dict[str, Case] = {
    "nothing": (lambda: b"", "is not a workbook, or is cut off"),
    "a text": (lambda: b"agency,workers\n1,2\n", "is not a workbook, or is cut off"),
    "cut off": (lambda: pack(entries())[:900], "is not a workbook, or is cut off"),
    "the end alone": (lambda: pack([]), "is not a workbook"),
    "tail": (lambda: pack(entries(), tail=b"MZ"), END),
    "comment": (lambda: pack(entries(), comment=2, tail=b"hi"), END),
    "two files in one": (lambda: pack(entries()) * 2, "gaps around its list"),
    "lying comment": (lambda: pack(entries(), comment=9), "several volumes"),
    "volumes": (lambda: pack(entries(), disk=1), "several volumes"),
    "volume of a part": (lambda: changed(central={"disk": 1}), "several volumes"),
    "program before it": (lambda: pack(entries(), prefix=b"MZ" * 50), "belongs to no part"),
    "shifted": (lambda: b"MZ" + pack(entries()), "gaps around its list"),
    "gap": (lambda: changed(after=b"hidden"), "belongs to no part"),
    "gap at the end": (lambda: changed(at=5, after=b"hidden"), "belongs to no part"),
    "twins": (lambda: with_part("xl/styles.xml"), "two parts of one name"),
    "twins but for case": (lambda: with_part("XL/Styles.xml"), "two parts of one name"),
    "one stream twice": (overlapping, "overlap"),
    "quoted": (quoted, "overlap"),
    "overlap": (lambda: changed(at=4, central={"start": 60}), "overlap"),
    "longer than the file": (lambda: changed(central={"packed": 9_999_999}), "overlap"),
    "other name": (lambda: changed(local_name="xl/worksheets/sheet9.xml"), TWO),
    "other size": (lambda: changed(local={"size": 9}), TWO),
    "other sum": (lambda: changed(local={"crc": 9}), TWO),
    "other method": (lambda: changed(local={"method": 0}), TWO),
    "encrypted here only": (lambda: changed(local={"flags": 1}), TWO),
    "wrong descriptor": (lambda: changed(flags=8, after=WRONG_SIZES), TWO),
    "no descriptor": (lambda: changed(flags=8), TWO),
    "claims less": (lambda: changed(content=b"<a/>" * 9000, central={"size": 100}), TWO),
    "claims less twice": (
        lambda: changed(central={"size": 100}, local={"size": 100}, content=b"x" * 50_000),
        LONG,
    ),
    "claims more": (lambda: changed(central={"size": 9999}, local={"size": 9999}), LONG),
    "wrong sum": (lambda: changed(central={"crc": 1}, local={"crc": 1}), LONG),
    "not packed": (lambda: changed(packed=b"\xff" * 80), LONG),
    "goes on": (lambda: changed(packed=entries()[3].data() + b"more"), LONG),
    "ends early": (lambda: changed(packed=entries()[3].data()[:-9]), LONG),
    "encrypted": (lambda: changed(flags=1), "is encrypted"),
    "strongly encrypted": (lambda: changed(flags=0x41), "is encrypted"),
    "bzip2": (lambda: changed(method=12), "unusual way"),
    "patch": (lambda: changed(flags=0x20), "unusual way"),
    "symbolic link": (lambda: changed(central={"outer": LINK}), "symbolic link"),
    "device": (lambda: changed(central={"outer": DEVICE}), "symbolic link or a device"),
    "absolute": (lambda: with_part("/etc/passwd"), OUT),
    "drive": (lambda: with_part("C:/x.xml"), OUT),
    "upwards": (lambda: with_part("xl/worksheets/../../../x"), OUT),
    "backslash": (lambda: with_part("..\\x.xml"), OUT),
    "NUL in a name": (lambda: with_part("xl/styles.xml\0.txt"), OUT),
    "not a name": (lambda: with_part(""), OUT),
    "301 parts": (
        lambda: pack([*entries(), *(Entry(f"docProps/{n}.xml") for n in range(295))]),
        "more than 300 parts",
    ),
    "70,000 parts": (lambda: pack(entries(), entries=0xFFFF), "more than 300 parts"),
    "counts differ": (lambda: pack(entries(), here=3), "counts its parts in two ways"),
    "one more": (lambda: pack(entries(), entries=7), "list of parts that is cut off"),
    "one less": (lambda: pack(entries(), entries=5), "data after its list of parts"),
    "two lists": (lambda: pack(entries(), large={"entries": 5}), "differ (ZIP64)"),
    "list elsewhere": (lambda: pack(entries(), large={"at": 4}), "differ (ZIP64)"),
    "size that is nowhere": (lambda: changed(central={"size": LARGE[0]}), "contradict (ZIP64)"),
    "size that differs": (
        lambda: changed(central={"size": LARGE[0]}, local={"size": LARGE[0]}, extra=LARGE[1]),
        LONG,
    ),
    "300 MB of text": (lambda: changed(content=b"<a>" + b"x" * 300_000_000), "30 MB in one part"),
    "grows": (lambda: changed(content=b"<a>" + b"x" * 2_000_000), "100 times its size"),
    "60 MB in all": (
        lambda: pack([*entries(), *(Entry(f"docProps/{n}.xml", noise(20_000_000)) for n in "abc")]),
        "50 MB in all",
    ),
}
