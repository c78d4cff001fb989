"""The verifier of one file and our own reading, asked the same; they must agree."""

import importlib.util
from pathlib import Path
from typing import Any

from rankings.adapters import key_roots, key_trust
from rankings.errors import Refusal

FILE = Path(__file__).resolve().parent.parent / "static" / "verify_edition.py"


def _loaded() -> Any:
    spec = importlib.util.spec_from_file_location("verify_edition", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verifier = _loaded()
REFUSED = (verifier.Refused, *verifier.BROKEN)


def alone(file: Path, roots: bytes, told: bytes | None = None) -> bool:
    """Does the verifier of one file take it?"""
    try:
        verifier.check(file, roots=roots, notice=told)
    except REFUSED:
        return False
    return True


def ours(file: Path, roots: bytes, told: bytes | None = None) -> bool:
    """Does our own reading take it, every part and file?"""
    try:
        trust = key_trust.of_roots(key_roots.read_chain(roots))
        held = trust.open(file)
        for name in held.manifest["parts"]:
            held.part_body(name)
        for name in held.manifest["files"]:
            held.file_body(name)
        held.close()
        if told is not None:
            trust.notice(told)
    except Refusal:
        return False
    return True


def both(file: Path, roots: bytes, told: bytes | None = None) -> bool:
    """Whether both take it; they must agree."""
    answers = alone(file, roots, told), ours(file, roots, told)
    assert answers[0] == answers[1], answers
    return answers[0]
