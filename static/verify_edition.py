"""Checks a published edition without the software that made it.

    python3 verify_edition.py edition.zip --root keys.json --root-fingerprint HEX \\
        --notice notice.json

Needs Python 3.9 or newer with its package "cryptography" (40 or newer), and no network. It shows
that the association signed exactly these files, by a key that was valid on that day, and whether
the edition is the newest. It does not calculate scores; `rankings verify` does that as well.

Exit codes: 0 right, 2 refused, 3 genuine but not the newest ("stale").
"""

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from datetime import date

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

REFUSED, STALE = 2, 3
SEAL, SEALED = 128, b"rankings bundle\n"
HOLDERS, THRESHOLD = 3, 2
OWN = ("manifest.json", "manifest.sig", "key.pem")
LARGEST, LARGEST_ENTRY, LARGEST_JSON = 1_000_000_000, 100_000_000, 10_000_000
# What a file of nonsense can raise on the way.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError, NotImplementedError),
    *(RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError),
    UnsupportedAlgorithm,
)


class Refused(Exception):
    """Something is not what the association signed."""


class Stale(Exception):
    """Genuine, but a newer edition is the current one."""


def need(holds, otherwise):
    """Refuses where something does not hold."""
    if not holds:
        raise Refused(otherwise)


def canonical(value):
    """The one JSON text of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(body):
    return hashlib.sha256(body).hexdigest()


def unhexed(text, size):
    """The bytes of a hex text of exactly so many bytes, in lower case."""
    body = bytes.fromhex(text)
    need(len(body) == size and body.hex() == text, "a key or signature is not written in hex")
    return body


def is_signed(public, signature, body):
    """Whether a signature (64 bytes) of a body is that of a public key (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
    except InvalidSignature:
        return False
    return True


def public_of(pem):
    """The 32 bytes of a public key in PEM form."""
    key = load_pem_public_key(pem)
    need(isinstance(key, Ed25519PublicKey), "the key is not an Ed25519 key")
    return key.public_bytes_raw()


# --- roots of keys


def read_roots(body):
    """The roots of keys.json, each checked with the one before it."""
    found = json.loads(body)
    need(canonical(found) == body, "keys.json is not written as roots are written")
    chain = found["roots"] if set(found) == {"roots"} else [found]
    need(chain, "keys.json holds no root")
    before = None
    for signed in chain:
        check_root(signed, before)
        before = signed["root"]
    return [signed["root"] for signed in chain]


def check_root(signed, before):
    """The next root: two of its three holders signed it, and two of those of the one before."""
    root, signatures = signed["root"], signed["signatures"]
    number = root["number"]
    need(set(signed) == {"root", "signatures"}, "a root holds something else")
    check_shape(root)
    if before is None:
        need(number == 1 and root["before"] is None, "keys.json does not begin with root 1")
    else:
        check_next(root, before)
    known = {*root["holders"], *(before["holders"] if before else ())}
    for public, signature in signatures.items():
        need(public in known, f"root {number} is signed by somebody who is not a holder")
        good = is_signed(unhexed(public, 32), unhexed(signature, 64), canonical(root))
        need(good, f"root {number} bears a signature that is not the holder's")
    for one in (root, before) if before else (root,):
        many = sum(holder in signatures for holder in one["holders"])
        said = f"root {number} is signed by {many} of the 3 holders of root {one['number']}"
        need(many >= THRESHOLD, f"{said}; 2 are needed")


def check_shape(root):
    """Three different holders, threshold 2, edition keys with days."""
    names = {"format", "association", "number", "holders", "threshold", "editions", "before"}
    need(set(root) == names and root["format"] == "rankings-keys/1", "this is no root of keys")
    need(type(root["number"]) is int and root["number"] >= 1, "a root has no number")
    need(type(root["threshold"]) is int, "a root has no threshold")
    need(root["threshold"] == THRESHOLD, "a root's threshold is not 2")
    keys = [one["public"] for one in root["editions"]]
    need(isinstance(root["holders"], list), "a root's holders are no list")
    need(len(root["holders"]) == HOLDERS and keys, "a root has not 3 holders and an edition key")
    need(len({*keys, *root["holders"]}) == len(keys) + HOLDERS, "a root names one key twice")
    for public in (*keys, *root["holders"]):
        unhexed(public, 32)
    for one in root["editions"]:
        need(set(one) == {"public", "first", "last"}, "an edition key has not its days")
        first, last = days(one)
        need(first <= last, "an edition key ends before it begins")


def check_next(root, before):
    """A root that follows another one and takes no edition key back."""
    named = (root["association"], root["number"], root["before"])
    follows = (before["association"], before["number"] + 1, sha256(canonical(before)))
    need(named == follows, f"this is not the root that follows root {before['number']}")
    need(len(root["editions"]) >= len(before["editions"]), "a root leaves out an edition key")
    for old, new in zip(before["editions"], root["editions"]):  # noqa: B905  # Python 3.9
        same = (old["public"], old["first"]) == (new["public"], new["first"])
        need(same and days(new)[1] <= days(old)[1], "a root changes an edition key")


def days(key):
    """The first and last day of an edition key."""
    first = date.fromisoformat(key["first"])
    last = date.max if key["last"] is None else date.fromisoformat(key["last"])
    need(first.isoformat() == key["first"], "a day is not written as a day is written")
    need(key["last"] in (None, last.isoformat()), "a day is not written as a day is written")
    return first, last


def check_day(root, public, day, what):
    """A key that the root names, on one of its days."""
    for key in root["editions"]:
        if key["public"] == public.hex():
            first, last = days(key)
            need(first <= date.fromisoformat(day), f"{what}: signed before the key's first day")
            need(date.fromisoformat(day) <= last, f"{what}: signed after the key's last day")
            return
    raise Refused(f"{what}: its key is not in the root")


# --- the edition


def check_edition(path):
    """The manifest, its digest and the key, once every byte of a file is what that key signed."""
    with open(path, "rb") as file:
        whole = file.read(LARGEST + 1)
    need(len(whole) <= LARGEST, "the edition is too large")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        need(len(names) == len(set(names)), "a file is in the edition twice")
        need(set(OWN) <= set(names), "the manifest, its signature or the key is missing")
        public = public_of(take(archive, "key.pem"))
        check_seal(whole, public)
        body = take(archive, "manifest.json")
        check_manifest(body, take(archive, "manifest.sig"), public)
        manifest = json.loads(body)
        check_contents(archive, names, manifest)
    return manifest, sha256(body), public


def take(archive, name):
    """One file of the archive, if it is not too large."""
    entry = archive.getinfo(name)
    need(entry.file_size <= LARGEST_ENTRY, f"{name} is too large")
    return archive.read(entry)


def check_seal(whole, public):
    """The signature at the end of the file, over every byte before it."""
    seal = unhexed(whole[-SEAL:].decode("ascii"), SEAL // 2)
    signed = SEALED + hashlib.sha256(whole[:-SEAL]).digest()
    need(is_signed(public, seal, signed), "the file was changed after it was signed")


def check_manifest(body, signature, public):
    """The signature over manifest.json."""
    need(is_signed(public, signature, body), "manifest.json is not what the key signed")


def check_contents(archive, names, manifest):
    """Nothing is missing, added, renamed or exchanged."""
    listed = {f"parts/{name}.json": one for name, one in manifest["parts"].items()}
    listed.update({f"files/{name}": one for name, one in manifest["files"].items()})
    for name in sorted(set(names) - set(listed) - set(OWN)):
        raise Refused(f"{name} is in the edition, but not in its manifest")
    for name, one in sorted(listed.items()):
        need(name in names, f"{name} is missing")
        body = take(archive, name)
        good = (sha256(body), len(body)) == (one["sha256"], one["size"])
        need(good, f"{name} is not what was signed")


# --- the notice


def read_notice(body, trusted):
    """What the notice says, and the key that signed it."""
    found = json.loads(body)
    need(canonical(found) == body and set(found) == {"notice", "signature"}, "this is no notice")
    signature = unhexed(found["signature"], 64)
    for public in trusted:
        if is_signed(public, signature, canonical(found["notice"])):
            return found["notice"], public
    raise Refused("the notice is not signed by a key of the association")


def check_newest(manifest, digest, notice):
    """The edition is the first one of the notice's list."""
    need(notice["association"]["code"] == manifest["association"]["code"], "another's notice")
    by = f"notice {notice['number']} of {notice['issued_on']}"
    listed = notice["editions"]
    need(any(one["digest"] == digest for one in listed), f"{by} does not list this edition")
    if listed[0]["digest"] != digest:
        newest = f"cycle {listed[0]['cycle']}, edition {listed[0]['number']}"
        raise Stale(f"stale: genuine, but not the newest; {newest} is; {by}")


# --- all of it


def check(path, key=None, roots=None, fingerprint=None, notice=None):
    """Lines that say what was found right; Refused or Stale."""
    manifest, digest, public = check_edition(path)
    code, cycle = manifest["association"]["code"], manifest["cycle"]["slug"]
    said = [f"{code}, cycle {cycle}, edition {manifest['number']}: all files as signed"]
    said.append(f"key: {sha256(public)}")
    root = check_roots(roots, fingerprint, code) if roots is not None else None
    said += check_key(manifest, public, key, root)
    if root is not None and fingerprint is None:
        said.append("     not compared: give --root-fingerprint as the association prints it")
    if notice is not None:
        held = check_notice(notice, public, root)
        check_newest(manifest, digest, held)
        said.append(f"newest: yes, says notice {held['number']} of {held['issued_on']}")
    return said


def check_key(manifest, public, key, root):
    """Whose key it is, as far as that was asked."""
    if key is not None:
        need(public_of(key) == public, "the edition is signed by another key")
        return []
    if root is None:
        return ["     taken from the file itself: compare it with what the association prints"]
    check_day(root, public, manifest["published_on"], "edition")
    return [f"root: number {root['number']}, {sha256(canonical(root))}"]


def check_notice(body, public, root):
    """The notice, signed by the edition's key or by one that the root names for that day."""
    keys = root["editions"] if root else [{"public": public.hex()}]
    held, signer = read_notice(body, [unhexed(one["public"], 32) for one in keys])
    if root is not None:
        check_day(root, signer, held["issued_on"], "notice")
    return held


def check_roots(body, fingerprint, code):
    """The newest root of the association."""
    chain = read_roots(body)
    if fingerprint is not None:
        wanted = fingerprint.replace(" ", "").lower()
        known = [sha256(canonical(root)) for root in chain]
        need(wanted in known, "none of the roots has this fingerprint")
    need(chain[-1]["association"] == code, "the root is another association's")
    return chain[-1]


def content(path):
    """The bytes of a small file, or None where none is named."""
    if path is None:
        return None
    with open(path, "rb") as file:
        body = file.read(LARGEST_JSON + 1)
    need(len(body) <= LARGEST_JSON, f"{path} is too large")
    return body


def main(arguments=None):
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("edition", help="edition.zip")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--key", help="the association's public key (.pem)")
    either.add_argument("--root", help="the association's roots of keys, keys.json")
    parser.add_argument("--root-fingerprint", help="as the association prints it, in hex")
    parser.add_argument("--notice", help="notice.json: is the edition the newest one?")
    given = parser.parse_args(arguments)
    if given.root_fingerprint and not given.root:
        parser.error("--root-fingerprint needs --root")
    try:
        key, roots, notice = map(content, (given.key, given.root, given.notice))
        said = check(given.edition, key, roots, given.root_fingerprint, notice)
    except Stale as stale:
        sys.stderr.write(f"{stale}\n")
        return STALE
    except Refused as refused:
        sys.stderr.write(f"refused: {refused}\n")
        return REFUSED
    except BROKEN as error:
        sys.stderr.write(f"refused: cannot be read: {error!r}\n")
        return REFUSED
    sys.stdout.write("\n".join(said) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
