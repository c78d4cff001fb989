"""Reads an evidence file in a process of its own that can open nothing and is stopped if it swells.

It answers with one line of JSON and, for pictures, the bytes to be kept.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

from rankings.adapters.evidence_kinds import KINDS, Kind, Unfit
from rankings.adapters.workbook_child import TOO_LARGE, limit


def answer(body: bytes, kind: Kind) -> tuple[dict[str, Any], bytes]:
    """What is wrong, or whether it holds something that could act; and the bytes to be kept."""
    reader = import_module(f"rankings.adapters.evidence_{kind.reader}")
    try:
        active, stored = reader.check(body, kind)
    except Unfit as unfit:
        return {"fault": unfit.fault, "values": unfit.values}, b""
    return {"active": active}, stored


def main(memory: str, seconds: str, word: str) -> None:
    """Reads standard input to its end and answers on standard output."""
    kind = KINDS[word]
    import_module(f"rankings.adapters.evidence_{kind.reader}")
    limit(int(memory), int(seconds))
    try:
        said, stored = answer(sys.stdin.buffer.read(), kind)
    except MemoryError:
        sys.exit(TOO_LARGE)
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
    sys.stdout.buffer.write(stored)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
