"""The ways to say no, without knowing who asked or how."""

from collections.abc import Iterable
from dataclasses import dataclass


class Refusal(Exception):
    """A no that the one who asked may read."""


class NotFound(Refusal):
    """There is no such thing, or not for the one who asked."""


class NotAllowed(Refusal):
    """The thing is there, but this person may not do that to it."""


class Conflict(Refusal):
    """Not in the present state of things: too late, too early, or somebody was faster."""


class Unavailable(Refusal):
    """Not now: something that is needed does not answer."""


class TooMany(Refusal):
    """Tried too often; after `seconds` the next try is heard."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"Too many tries: wait {seconds} seconds.")


@dataclass(frozen=True)
class Problem:
    """One fault of the input: where it is, what stands there, and what to do about it."""

    place: str
    value: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.value!r}: {self.remedy}"


class Invalid(Refusal):
    """The input cannot be taken; every fault is named."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
