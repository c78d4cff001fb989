"""The structure of a ZIP file, checked byte by byte before anything in it is read."""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAX_ENTRIES = 300
MAX_SUM = 50_000_000
MAX_PART = 30_000_000
MAX_RATIO, RATIO_FROM = 100, 1_000_000
CHUNK = 65_536

END, END_64, LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
CENTRAL, LOCAL, DESCRIPTOR = b"PK\x01\x02", b"PK\x03\x04", b"PK\x07\x08"
END_FORM = struct.Struct("<4s4H2LH")
END_64_FORM = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64_FORM = struct.Struct("<4sLQL")
CENTRAL_FORM = struct.Struct("<4s6H3L5H2L")
LOCAL_FORM = struct.Struct("<4s5H3L2H")
ALL_16, ALL_32 = 0xFFFF, 0xFFFFFFFF
ENCRYPTED, STREAMED = 0x2041, 0x0008
# Two bits of the level of compression, streamed, names in UTF-8.
HARMLESS = 0x0006 | STREAMED | 0x0800

ANEW = "open it in a spreadsheet program and save it anew as .xlsx"
LESS = "copy the table alone into a new workbook, or save it as .csv (UTF-8)"


class Refused(ValueError):
    """A file that is not read; its text is the rule and the remedy, `value` what broke it."""

    def __init__(self, remedy: str, value: str = "") -> None:
        super().__init__(remedy)
        self.value = value


def refuse_if(broken: bool, remedy: str, value: str = "") -> None:
    if broken:
        raise Refused(remedy, value)


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the directory; `start` is its local header, `data` its first packed byte."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    data: int = 0


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the list of entries stands and how many there are."""

    start: int
    size: int
    entries: int


def directory_of(file: bytes) -> Directory:
    """Read from the end of the file, where nothing may follow."""
    at = file.rfind(END)
    refuse_if(at < 0, f"is not a workbook, or is cut off; {ANEW}")
    refuse_if(at + END_FORM.size != len(file), f"has data after its end; {ANEW}")
    _, disk, first, here, entries, size, start, comment = END_FORM.unpack_from(file, at)
    refuse_if(bool(disk or first or comment), f"is one of several volumes; {ANEW}")
    found = Directory(start, size, entries)
    if file[at - LOCATOR_64_FORM.size : at].startswith(LOCATOR_64):
        at, found = _directory_64(file, at - LOCATOR_64_FORM.size, found)
        here = found.entries
    refuse_if(here != found.entries, f"counts its parts in two ways; {ANEW}")
    refuse_if(found.entries > MAX_ENTRIES, f"has more than {MAX_ENTRIES} parts; {LESS}")
    refuse_if(found.start + found.size != at, f"has gaps around its list of parts; {ANEW}")
    return found


def _directory_64(file: bytes, at: int, small: Directory) -> tuple[int, Directory]:
    """The same in the large form; both must agree, or readers would see different files."""
    two = f"has two lists of its parts that differ (ZIP64); {ANEW}"
    _, disk, end, disks = LOCATOR_64_FORM.unpack_from(file, at)
    refuse_if(disk != 0 or disks != 1 or end + END_64_FORM.size != at, two)
    form = END_64_FORM.unpack_from(file, end)
    refuse_if(form[0] != END_64 or form[1] != END_64_FORM.size - 12, two)
    refuse_if(bool(form[4] or form[5] or form[6] != form[7]), two)
    large = Directory(start=form[9], size=form[8], entries=form[7])
    pairs = (
        (small.entries, large.entries, ALL_16),
        (small.size, large.size, ALL_32),
        (small.start, large.start, ALL_32),
    )
    refuse_if(any(old not in (new, unset) for old, new, unset in pairs), two)
    return end, large


def parts_of(file: bytes) -> list[Part]:
    """Every entry in the order of the file, which they fill without gap, overlap or twin."""
    directory = directory_of(file)
    entries = sorted(_entries(file, directory), key=lambda part: part.start)
    names = [part.name.casefold() for part in entries]
    twins = [name for name in names if names.count(name) > 1]
    refuse_if(bool(twins), f"has two parts of one name; {ANEW}", "".join(twins[:1]))
    placed, end = [], 0
    for part in entries:
        refuse_if(part.start < end, f"has parts that overlap; {ANEW}", part.name)
        refuse_if(part.start > end, f"has data that belongs to no part; {ANEW}", part.name)
        part = _placed(file, part)
        placed.append(part)
        end = _end(file, part, directory.start)
    refuse_if(end != directory.start, f"has data that belongs to no part; {ANEW}")
    total = sum(part.size for part in placed)
    refuse_if(total > MAX_SUM, f"unpacks to more than 50 MB in all; {LESS}")
    return placed


def _entries(file: bytes, directory: Directory) -> Iterator[Part]:
    at, end = directory.start, directory.start + directory.size
    for _ in range(directory.entries):
        refuse_if(at + CENTRAL_FORM.size > end, f"has a list of parts that is cut off; {ANEW}")
        form = CENTRAL_FORM.unpack_from(file, at)
        refuse_if(form[0] != CENTRAL, f"has a broken list of parts; {ANEW}")
        name_end = at + CENTRAL_FORM.size + form[10]
        name = _name(file[at + CENTRAL_FORM.size : name_end])
        extra = file[name_end : name_end + form[11]]
        size, packed, start = sizes(extra, form[9], form[8], form[16])
        refuse_if(form[13] != 0, f"is one of several volumes; {ANEW}")
        _refuse_special(name, form[15] >> 16)
        part = Part(name, form[3], form[4], form[7], packed, size, start)
        yield _within_limits(part, directory.start)
        at = name_end + form[11] + form[12]
    refuse_if(at != end, f"has data after its list of parts; {ANEW}")


def sizes(extra: bytes, *small: int) -> list[int]:
    """Size, packed size and start; each that says "see below" is taken from the ZIP64 field."""
    large = _field_64(extra)
    wanted = [at for at, value in enumerate(small) if value == ALL_32]
    refuse_if(len(large) < 8 * len(wanted), f"has sizes that contradict (ZIP64); {ANEW}")
    found = list(small)
    for place, at in enumerate(wanted):
        (found[at],) = struct.unpack_from("<Q", large, 8 * place)
    return found


def _field_64(extra: bytes) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return b""


def _name(raw: bytes) -> str:
    """Plain relative names only; the standard has no others."""
    name = raw.decode("latin-1")
    odd = not name.isascii() or not name.isprintable() or any(sign in name for sign in '\\:"<>|*?')
    steps = name.removesuffix("/").split("/")
    outside = any(step in ("", ".", "..") for step in steps)
    refuse_if(odd or outside, f"has a part whose name leads out of the file; {ANEW}", name)
    return name


def _refuse_special(name: str, mode: int) -> None:
    kind = stat.S_IFMT(mode)
    usual = (0, stat.S_IFREG, stat.S_IFDIR if name.endswith("/") else 0)
    refuse_if(kind not in usual, f"holds a symbolic link or a device; {ANEW}", name)


def _placed(file: bytes, part: Part) -> Part:
    """With the place of its data, after its local header has said the same as the directory."""
    refuse_if(bool(part.flags & ENCRYPTED), f"is encrypted; remove the password and {ANEW}")
    usual = part.method in (0, 8) and not part.flags & ~HARMLESS
    refuse_if(not usual, f"is packed in an unusual way; {ANEW}", part.name)
    two = f"says two things about one part; {ANEW}"
    refuse_if(part.start + LOCAL_FORM.size > len(file), two, part.name)
    form = LOCAL_FORM.unpack_from(file, part.start)
    name_end = part.start + LOCAL_FORM.size + form[9]
    data = name_end + form[10]
    same = form[0] == LOCAL and (form[2], form[3]) == (part.flags, part.method)
    named = file[part.start + LOCAL_FORM.size : name_end] == part.name.encode("latin-1")
    size, packed = sizes(file[name_end:data], form[8], form[7])
    told = (form[6], packed, size)
    allowed = [(part.crc, part.packed, part.size)]
    if part.flags & STREAMED:
        allowed.append((0, 0, 0))
    refuse_if(not (same and named and told in allowed), two, part.name)
    return Part(
        part.name, part.flags, part.method, part.crc, part.packed, part.size, part.start, data
    )


def _end(file: bytes, part: Part, limit: int) -> int:
    """Where the next part must begin: after the data and, if streamed, its descriptor."""
    end = part.data + part.packed
    refuse_if(end > limit, f"has parts that overlap; {ANEW}", part.name)
    if not part.flags & STREAMED:
        return end
    after = file[end : min(end + 24, limit)]
    for mark in (DESCRIPTOR, b""):
        for form in ("<3L", "<L2Q"):
            told = mark + struct.pack(form, part.crc, part.packed, part.size)
            if after.startswith(told):
                return end + len(told)
    raise Refused(f"says two things about one part; {ANEW}", part.name)


def _within_limits(part: Part, room: int) -> Part:
    refuse_if(part.size > MAX_PART, f"unpacks to more than 30 MB in one part; {LESS}", part.name)
    swollen = part.size > RATIO_FROM and part.size > MAX_RATIO * part.packed
    refuse_if(swollen, f"unpacks to more than {MAX_RATIO} times its size; {LESS}", part.name)
    refuse_if(part.packed > room, f"has parts that overlap; {ANEW}", part.name)
    return part


def unpacked(file: bytes, part: Part) -> Iterator[bytes]:
    """The bytes of a part in pieces; never more than the directory said."""
    two = f"has a part that is damaged or longer than it says; {ANEW}"
    packed = memoryview(file)[part.data : part.data + part.packed]
    size, crc = 0, 0
    for piece in _inflated(packed, two) if part.method == 8 else _pieces(packed):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        refuse_if(size > part.size, two, part.name)
        yield bytes(piece)
    refuse_if((size, crc) != (part.size, part.crc), two, part.name)


def _pieces(packed: memoryview) -> Iterator[memoryview]:
    for at in range(0, len(packed), CHUNK):
        yield packed[at : at + CHUNK]


def _inflated(packed: memoryview, broken: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in _pieces(packed):
            refuse_if(inflater.eof, broken)
            yield from _piece_inflated(inflater, piece)
    except zlib.error:
        raise Refused(broken) from None
    refuse_if(not inflater.eof or bool(inflater.unused_data), broken)


def _piece_inflated(inflater: zlib._Decompress, packed: memoryview) -> Iterator[bytes]:
    more: bytes | memoryview = packed
    while True:
        piece = inflater.decompress(more, CHUNK)
        yield piece
        more = inflater.unconsumed_tail
        if not more and len(piece) < CHUNK:
            return
