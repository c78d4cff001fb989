"""Untrusted bytes are read by a process of its own, which can do no harm and is stopped in time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, TypeVar

import rankings

T = TypeVar("T")

ROOT = Path(rankings.__file__).parent.parent
# Python finds itself by its own path; some builds find their libraries by this variable only.
KEPT = ("LD_LIBRARY_PATH",)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process that reads may use, in bytes and seconds."""

    memory: int = 512 * 1024 * 1024
    cpu_seconds: int = 10
    wall_seconds: float = 30.0


def ask(
    module: str,
    arguments: Sequence[str],
    content: bytes,
    limits: Limits,
    listen: Callable[[IO[bytes]], tuple[T, bool]],
) -> tuple[int, T]:
    """The child's return code, and what `listen` made of its output.

    The child is a module that takes memory, CPU seconds and `arguments`, and the content on its
    standard input. `listen` also tells whether it heard all; a child that says more is stopped.
    """
    with subprocess.Popen(
        [sys.executable, "-m", module, str(limits.memory), str(limits.cpu_seconds), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment(),
    ) as child:
        guard = Timer(limits.wall_seconds, child.kill)
        guard.start()
        try:
            said, is_all = _talk(child, content, listen)
            if is_all:
                child.wait()
        finally:
            guard.cancel()
            if child.poll() is None:
                child.kill()
    return child.returncode, said


def environment() -> dict[str, str]:
    """Enough to find this package, and nothing of ours."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **kept}


def _talk(child: subprocess.Popen[bytes], content: bytes, listen: Callable[[IO[bytes]], T]) -> T:
    assert child.stdin
    assert child.stdout
    # A child that has been stopped does not listen; its return code tells why.
    with suppress(BrokenPipeError), child.stdin:
        child.stdin.write(content)
    return listen(child.stdout)
