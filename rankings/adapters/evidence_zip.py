"""Evidence files that come in one zip file beside a workbook."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from rankings.adapters.evidence_kinds import MAX_BYTES
from rankings.errors import Invalid, Problem

MAX_FILES = 200
# Of all files together, unpacked.
MAX_TOTAL = 50_000_000
ENCRYPTED = 0x1


def files(packed: Path, name: str) -> dict[str, bytes]:
    """The files of a zip file by their names in it; Invalid where it cannot or must not be read.

    A file larger than 10 MB is cut off one byte later, so that whoever looks at it refuses it.
    """
    try:
        with ZipFile(packed) as archive:
            held = [one for one in archive.infolist() if not one.is_dir()]
            _refuse(held, name)
            return {one.filename: _read(archive, one) for one in held}
    except (BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        remedy = "is no zip file that can be read: pack the files again"
        raise Invalid([Problem(name, str(error)[:60], remedy)]) from None


def _refuse(held: list[ZipInfo], name: str) -> None:
    if len(held) > MAX_FILES:
        remedy = f"at most {MAX_FILES} files fit in one zip file: send several"
        raise Invalid([Problem(name, f"{len(held)} files", remedy)])
    if any(one.flag_bits & ENCRYPTED for one in held):
        raise Invalid([Problem(name, "", "has a password: pack the files without one")])
    if sum(one.file_size for one in held) > MAX_TOTAL:
        remedy = f"its files have more than {MAX_TOTAL // 1_000_000} MB together: send several"
        raise Invalid([Problem(name, "", remedy)])


def _read(archive: ZipFile, one: ZipInfo) -> bytes:
    with archive.open(one) as file:
        # What a header says of a size is no promise.
        return file.read(min(one.file_size, MAX_BYTES) + 1)[: MAX_BYTES + 1]
