"""Pictures are encoded anew: what one sees stays, everything else goes."""

import io
import resource
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from rankings.adapters import evidence
from rankings.adapters.evidence_kinds import Fault, Unfit
from tests.adapters.evidence_files import picture
from tests.adapters.evidence_polyglots import png, segment, webp

MARKERS = [f"MaRkEr{number:02}x" for number in range(12)]
ORIENTATION, GPS, EXIF = 0x0112, 0x8825, 0x8769


def exif() -> bytes:
    """Eight markers: camera, person, place and a picture within."""
    found = Image.Exif()
    # Maker, model, artist, description.
    found[0x010F], found[0x0110], found[0x013B], found[0x010E] = MARKERS[:4]
    details = found.get_ifd(EXIF)
    # Serial number, comment, note of the maker.
    details[0xA431], details[0x9286] = MARKERS[4], b"ASCII\0\0\0" + MARKERS[5].encode()
    details[0x927C] = MARKERS[6].encode()
    place = found.get_ifd(GPS)
    place[1], place[2] = "N", (IFDRational(21), IFDRational(2), IFDRational(10))
    place[0x1B] = b"ASCII\0\0\0" + MARKERS[7].encode()
    return found.tobytes()


def xmp(marker: str) -> bytes:
    return f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{marker}</x:xmpmeta>".encode()


def planted() -> dict[str, bytes]:
    """By ending: a picture with all twelve markers."""
    profile, more = MARKERS[8].encode() * 20, MARKERS[9:]
    jpeg = picture("JPEG", exif=exif(), icc_profile=profile, comment=more[0], xmp=xmp(more[1]))
    iptc = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\x0c" + more[2].encode() + b"\0\0"
    thumbnail = picture("JPEG", comment=more[2])
    portable: dict[str, Any] = {"exif": exif(), "icc_profile": profile}
    chunks = png(b"tEXt", f"Comment\0{more[0]}".encode())[33:]
    packed = png(b"zTXt", b"Author\0\0" + zlib.compress(more[2].encode()))[33:]
    tagged = picture("PNG", **portable)
    text = b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(more[1])
    inserted = b"".join(one[: _chunk(one)] for one in (chunks, packed, png(b"iTXt", text)[33:]))
    moving = webp(b"note", more[0].encode()) + thumbnail
    return {
        ".jpg": jpeg[:2] + segment(0xED, iptc) + jpeg[2:] + thumbnail,
        ".png": tagged[:33] + inserted + tagged[33:] + thumbnail,
        ".webp": picture("WEBP", xmp=xmp(more[1]), **portable) + moving,
    }


def _chunk(body: bytes) -> int:
    (length,) = struct.unpack(">L", body[:4])
    return int(length) + 12


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
def test_none_of_twelve_markers_is_left(ending: str) -> None:
    body = planted()[ending]
    written = {marker for marker in MARKERS if marker.encode() in body}
    # In a PNG file two of them are packed.
    assert len(written) >= (10 if ending == ".png" else 12)
    stored = evidence.accept(f"photo{ending}", body).stored
    kept = Image.open(io.BytesIO(stored))
    assert [marker for marker in MARKERS if marker.encode() in stored] == []
    assert not kept.getexif()
    assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop"} | {
        *("background", "timestamp", "duration")
    }


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
def test_a_picture_is_kept_upright(ending: str) -> None:
    turned = Image.Exif()
    turned[ORIENTATION] = 6
    form = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}[ending]
    stored = evidence.accept(f"photo{ending}", picture(form, exif=turned.tobytes())).stored
    kept = Image.open(io.BytesIO(stored)).convert("RGB")
    assert kept.size == (20, 40)
    above, below = kept.getpixel((10, 5)), kept.getpixel((10, 35))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[1] < 40
    assert below[1] > 215


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
        *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
    ],
)
def test_a_picture_looks_as_before(form: str, mode: str) -> None:
    body = picture(form, mode)
    stored = evidence.accept(f"a.{form.lower()}", body).stored
    was, kept = (Image.open(io.BytesIO(one)).convert("L") for one in (body, stored))
    assert was.size == kept.size
    for at in ((5, 5), (35, 15)):
        before, after = was.getpixel(at), kept.getpixel(at)
        assert isinstance(before, int)
        assert isinstance(after, int)
        assert abs(before - after) < 12


def test_what_shines_through_stays_so() -> None:
    stored = evidence.accept("a.png", picture("PNG", "P", transparency=0)).stored
    assert Image.open(io.BytesIO(stored)).mode == "RGBA"


def head_of_png(wide: int, high: int) -> bytes:
    head = b"IHDR" + struct.pack(">2L5B", wide, high, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n\0\0\0\x0d"
        + head
        + struct.pack(">L", zlib.crc32(head))
        + picture("PNG")[33:]
    )


def large_jpeg() -> bytes:
    body = picture("JPEG")
    at = body.index(b"\xff\xc0") + 5
    return body[:at] + struct.pack(">2H", 50_000, 50_000) + body[at + 4 :]


def large_webp() -> bytes:
    """As large as the form allows; the picture in it is small."""
    frame = picture("WEBP")[12:]
    body = b"WEBPVP8X\x0a\0\0\0\0\0\0\0\xfe\x3f\0\xfe\x3f\0" + frame
    return b"RIFF" + struct.pack("<L", len(body)) + body


def computed() -> float:
    """Seconds that the processes started by this one have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.png", head_of_png(50_000, 50_000)),
        ("a.png", head_of_png(8_001, 5_000)),
        ("a.jpg", large_jpeg()),
        ("a.webp", large_webp()),
    ],
)
def test_too_many_pixels_are_refused_before_they_are_decoded(name: str, body: bytes) -> None:
    start = computed()
    with pytest.raises(Unfit, match="more than 40 million pixels"):
        evidence.accept(name, body)
    assert computed() - start < 1


def test_forty_million_pixels_are_not_too_many() -> None:
    body = picture("PNG", "1", (8_000, 5_000))
    assert evidence.accept("plan.png", body).size < len(body) * 2


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(form: str) -> None:
    second = Image.new("RGB", (40, 20), "blue")
    with pytest.raises(Unfit) as refusal:
        evidence.accept(
            f"a.{form.lower()}", picture(form, save_all=True, append_images=[second], duration=50)
        )
    assert refusal.value.fault == Fault.MOVES


def test_a_camera_s_second_picture_is_left_out() -> None:
    second = Image.new("RGB", (40, 20), "blue")
    body = picture("MPO", save_all=True, append_images=[second])
    kept = Image.open(io.BytesIO(evidence.accept("a.jpg", body).stored))
    assert (kept.format, kept.size) == ("JPEG", (40, 20))
