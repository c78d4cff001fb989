"""Pictures: decoded and encoded anew, so that nothing but what one sees is kept."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, MpoImagePlugin, WebPImagePlugin

from rankings.adapters.evidence_kinds import (
    JPEG,
    MAX_PIXELS,
    MAX_STORED,
    PNG,
    WEBP,
    Fault,
    Kind,
    Unfit,
)

# Our own bound is lower than the library's and is asked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None
# After this nothing more is imported, which a process without files could not do.
Image.preinit()
PLUGINS = (MpoImagePlugin, WebPImagePlugin)

_MODES = {
    JPEG.word: ("L", "RGB"),
    PNG.word: ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    WEBP.word: ("RGB", "RGBA"),
}
_OPTIONS: dict[str, dict[str, int]] = {
    JPEG.word: {"quality": 90},
    PNG.word: {},
    WEBP.word: {"quality": 90, "method": 2},
}


def check(body: bytes, kind: Kind) -> tuple[bool, bytes]:
    """The picture encoded anew, upright, without any of the file's other contents.

    Only the first of several pictures in a JPEG file is kept: the others are previews that
    cameras add. Colours are taken as sRGB, whatever profile the file named. Raises Unfit.
    """
    form = kind.word.upper()
    if kind == WEBP:
        _refuse_large(_webp_size(body))
    picture: Image.Image = Image.open(io.BytesIO(body), formats=[form])
    _refuse_large(picture.size)
    if kind != JPEG and getattr(picture, "n_frames", 1) > 1:
        raise Unfit(Fault.MOVES)
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    plain = _plain(picture, kind)
    stored = io.BytesIO()
    plain.save(stored, form, **_OPTIONS[kind.word])
    if stored.tell() > MAX_STORED:
        raise Unfit(Fault.TOO_LARGE)
    return False, stored.getvalue()


def _refuse_large(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise Unfit(Fault.PIXELS)


def _webp_size(body: bytes) -> tuple[int, int]:
    """Width and height; the library makes room for the picture as soon as it sees one."""
    form, head = body[12:16], body[20:30].ljust(10, b"\0")
    if form == b"VP8X":
        wide, high = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
    elif form == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        wide, high = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        wide, high = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    return wide, high


def _plain(picture: Image.Image, kind: Kind) -> Image.Image:
    """In a mode that the kind can hold, and without what the library would write by itself."""
    if "transparency" in picture.info:
        picture = picture.convert("LA" if picture.mode == "L" else "RGBA")
    if picture.mode not in _MODES[kind.word]:
        picture = picture.convert("RGBA" if _is_clear(picture) and kind != JPEG else "RGB")
    picture.info.clear()
    return picture


def _is_clear(picture: Image.Image) -> bool:
    return picture.mode in ("LA", "PA", "La", "RGBa", "RGBA")
