"""A signed edition: what was put in comes out, and one changed byte is refused."""

import json
import random
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rankings.adapters import bundle, notice, signature
from rankings.adapters.bundle import Bundle, Press
from rankings.errors import Conflict, Invalid, NotFound

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
PARTS: dict[str, dict[str, Any]] = {"agencies/A": {"name": "Ví Dụ"}, "ranking": {"entries": [1, 2]}}


def pressed(folder: Path, key: Ed25519PrivateKey = KEY) -> Path:
    """A small bundle."""
    work = folder / "work"
    work.mkdir()
    press = Press(work, key)
    for name, part in PARTS.items():
        press.add(name, part)
    body = press.seal({"format": "test", "number": 1, **press.finish()})
    file = folder / "edition.zip"
    file.write_bytes(body)
    return file


def test_parts_come_out_as_they_went_in(tmp_path: Path) -> None:
    held = Bundle(pressed(tmp_path), KEY.public_key())
    assert {name: held.part(name) for name in PARTS} == PARTS
    assert held.manifest["number"] == 1
    with pytest.raises(NotFound):
        held.part("agencies/B")


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    one, other = (pressed(folder).read_bytes() for folder in folders)
    assert one == other


@pytest.mark.parametrize("trusted", [True, False], ids=["with the key", "by its own key"])
def test_every_single_changed_byte_is_refused(tmp_path: Path, trusted: bool) -> None:
    file = pressed(tmp_path)
    whole, changed = file.read_bytes(), tmp_path / "changed.zip"
    key = KEY.public_key() if trusted else None
    for at in range(len(whole)):
        for flip in (1, 32, 128):
            changed.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
            with pytest.raises(Invalid):
                Bundle(changed, key)


@pytest.mark.parametrize("cut", [1, 64, 128, 129, 500, 10_000])
def test_a_file_that_is_cut_or_longer_is_refused(tmp_path: Path, cut: int) -> None:
    file = pressed(tmp_path)
    whole = file.read_bytes()
    for changed in (whole[:-cut], whole[cut:], whole + b"0" * cut, b"0" * cut + whole):
        file.write_bytes(changed)
        with pytest.raises(Invalid):
            Bundle(file, KEY.public_key())
        with pytest.raises(Invalid):
            Bundle(file)


def test_another_key_is_not_the_associations(tmp_path: Path) -> None:
    file = pressed(tmp_path, OTHER)
    assert Bundle(file).key == OTHER.public_key()
    with pytest.raises(Invalid, match="another key"):
        Bundle(file, KEY.public_key())


def test_every_byte_of_manifest_and_signature_matters_on_its_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(pressed(tmp_path)) as archive:
        manifest, signed = archive.read("manifest.json"), archive.read("manifest.sig")
    assert signature.is_signed(KEY.public_key(), signed, manifest)
    for at in range(len(manifest)):
        other = manifest[:at] + bytes([manifest[at] ^ 1]) + manifest[at + 1 :]
        assert not signature.is_signed(KEY.public_key(), signed, other)
    for at in range(len(signed)):
        other = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        assert not signature.is_signed(KEY.public_key(), other, manifest)


def test_openssl_alone_confirms_the_manifest(tmp_path: Path) -> None:
    with zipfile.ZipFile(pressed(tmp_path)) as archive:
        archive.extractall(tmp_path)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin"]
    files = ["-in", "manifest.json", "-sigfile", "manifest.sig"]
    try:
        done = subprocess.run([*command, *files], cwd=tmp_path, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("openssl is not on this machine")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "body", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"\xff" * 1000, b"0" * 128]
)
def test_what_is_no_bundle_is_refused(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "none.zip"
    file.write_bytes(body)
    for key in (None, KEY.public_key()):
        with pytest.raises(Invalid, match=r"none\.zip"):
            Bundle(file, key)


def test_damage_at_random_never_ends_in_anything_but_a_refusal(tmp_path: Path) -> None:
    whole, chance = pressed(tmp_path).read_bytes(), random.Random(1)
    file = tmp_path / "damaged.zip"
    for _ in range(500):
        body = bytearray(whole)
        for _ in range(chance.randrange(1, 20)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        if bytes(body) != whole:
            file.write_bytes(body)
            with pytest.raises(Invalid):
                Bundle(file)


def test_an_archive_with_more_than_the_manifest_lists_is_refused(tmp_path: Path) -> None:
    press = Press(tmp_path, KEY)
    press.add("ranking", {})
    contents = press.finish()
    contents["parts"].clear()
    file = tmp_path / "more.zip"
    file.write_bytes(press.seal({"number": 1, **contents}))
    with pytest.raises(Invalid, match="what its manifest lists"):
        Bundle(file, KEY.public_key())


def test_a_part_that_is_not_what_the_manifest_says_is_refused(tmp_path: Path) -> None:
    press = Press(tmp_path, KEY)
    press.add("ranking", {})
    contents = press.finish()
    contents["parts"]["ranking"]["sha256"] = "0" * 64
    file = tmp_path / "other.zip"
    file.write_bytes(press.seal({"number": 1, **contents}))
    with pytest.raises(Invalid, match="not what was signed"):
        Bundle(file, KEY.public_key()).part("ranking")


def test_a_part_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = pressed(tmp_path)
    monkeypatch.setattr(bundle, "LARGEST_ENTRY", 10)
    with pytest.raises(Invalid, match="larger than 10 bytes"):
        Bundle(file, KEY.public_key())


def test_keys_are_made_once_and_only_the_owner_reads_the_private_one(tmp_path: Path) -> None:
    made = signature.make(tmp_path, "alpha")
    assert signature.public(tmp_path, "alpha") == made
    assert signature.private(tmp_path, "alpha").public_key() == made
    assert signature.private_file(tmp_path, "alpha").stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match="never overwritten"):
        signature.make(tmp_path, "alpha")
    with pytest.raises(NotFound, match=r"beta\.private\.pem"):
        signature.private(tmp_path, "beta")


@pytest.mark.parametrize(
    "pem", [b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_what_is_no_key_is_refused(pem: bytes) -> None:
    with pytest.raises(Invalid, match="Ed25519"):
        signature.public_key(pem)


def test_a_notice_is_read_as_it_was_signed_and_no_byte_may_change() -> None:
    said = {"number": 3, "licences": {"VN-00011": {"state": "valid"}}}
    body = notice.sign(KEY, said)
    assert notice.read(KEY.public_key(), body) == said
    for at in range(len(body)):
        for flip in (1, 32):
            other = body[:at] + bytes([body[at] ^ flip]) + body[at + 1 :]
            with pytest.raises(Invalid):
                notice.read(KEY.public_key(), other)
    with pytest.raises(Invalid):
        notice.read(OTHER.public_key(), body)
    with pytest.raises(Invalid):
        notice.read(KEY.public_key(), json.dumps(json.loads(body)).encode())
