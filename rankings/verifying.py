"""Checking an edition offline: its signature, and every score from the public inputs in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rankings import __version__, verifying_notice
from rankings.adapters import key_trust, signature
from rankings.adapters.bundle import Bundle
from rankings.adapters.edition_files import Files
from rankings.adapters.key_trust import Trust
from rankings.canonical import canonical
from rankings.errors import Invalid, Problem
from rankings.scoring.score import RATED
from rankings.scoring.source import read
from rankings.usecases import edition_parts, edition_reading, method_movement, report_card, rubrics
from rankings.usecases.edition_parts import Edition

MAX_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Report:
    """What was found right: which edition, by which key, and how much was made anew."""

    association: str
    cycle: str
    number: int
    digest: str
    fingerprint: str
    engine: str
    same_engine: bool
    agencies: int
    rated: int
    root: int | None = None
    root_fingerprint: str | None = None
    key_first: str | None = None
    key_last: str | None = None
    notice: int | None = None
    notice_issued_on: str | None = None

    def values(self) -> dict[str, Any]:
        """For machines."""
        return {name: getattr(self, name) for name in self.__slots__}


def verify(
    file: Path,
    trusted: Ed25519PublicKey | Trust | None,
    checked: Callable[[int], None] = lambda n: None,
    notice: bytes | None = None,
) -> Report:
    """The report of a bundle; Invalid with every problem where it is not what it should be.

    With a notice also Stale where a newer edition is the current one.
    """
    bundle = _opened(file, trusted)
    try:
        trust = trusted if isinstance(trusted, Trust) else key_trust.only(bundle.key)
        held = verifying_notice.read(trust, notice) if notice else None
        if held is not None:
            verifying_notice.check_listed(bundle, held)
        report = _known(_verify(bundle, checked), bundle, trust, held)
        if held is not None:
            verifying_notice.check_newest(bundle, held)
        return report
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # Signed, but by somebody who writes something else than editions.
        problem = Problem(file.name, "", f"holds parts that are none of an edition: {error!r}")
        raise Invalid([problem]) from error
    finally:
        bundle.close()


def _opened(file: Path, trusted: Ed25519PublicKey | Trust | None) -> Bundle:
    return trusted.open(file) if isinstance(trusted, Trust) else Bundle(file, trusted)


def _known(
    report: Report, bundle: Bundle, trust: Trust, notice: Mapping[str, Any] | None
) -> Report:
    """The report with what was trusted, and which notice it was checked with."""
    if notice is not None:
        day = notice["issued_on"]
        report = replace(report, notice=notice["number"], notice_issued_on=day)
    key = trust.listed(bundle.key)
    if trust.root is None or key is None:
        return report
    return replace(
        report,
        root=trust.root.number,
        root_fingerprint=trust.root.fingerprint,
        key_first=key.first.isoformat(),
        key_last=key.last.isoformat() if key.last else None,
    )


def _verify(bundle: Bundle, checked: Callable[[int], None]) -> Report:
    heading = edition_reading.heading(bundle)
    code = read(heading.source)
    edition, tally = Edition(heading, code), report_card.Tally(code.rubric)
    problems: list[Problem] = []
    names: set[str] = set()
    with TemporaryDirectory() as folder:
        files = Files(code, Path(folder))
        for name, part in edition.parts(edition_reading.listed(bundle, code.rubric)):
            names.add(name)
            checked(len(names))
            if canonical(part) != bundle.part_body(name):
                problems.append(Problem(name, "", "is not what its inputs give"))
            files.add(name, part)
            if name.startswith(edition_parts.AGENCIES):
                tally.agency(part)
            elif name == edition_parts.RANKING:
                problems += _stated(bundle, part, tally.values(part))
        problems += _differing(bundle, files.finish())
    problems += _totals(bundle, edition, names)
    if problems:
        raise Invalid(problems[:MAX_PROBLEMS])
    return _report(bundle)


def _stated(
    bundle: Bundle, ranking: Mapping[str, Any], computed: Mapping[str, Any]
) -> Iterator[Problem]:
    """What the association states beside the scores, as far as it follows from them."""
    listed = bundle.manifest["parts"]
    if edition_parts.REPORT_CARD in listed:
        card = bundle.part(edition_parts.REPORT_CARD)
        for name in report_card.faults(card, computed):
            yield Problem(edition_parts.REPORT_CARD, name, "is not what the other parts give")
    if edition_parts.METHOD_REPORT in listed:
        report = bundle.part(edition_parts.METHOD_REPORT)
        if method_movement.with_split(report, ranking) != report:
            yield Problem(edition_parts.METHOD_REPORT, "", "is not what the ranking gives")


def _differing(bundle: Bundle, made: Mapping[str, Path]) -> Iterator[Problem]:
    """Tables that are not what the parts give; workbooks differ with the library that packed."""
    listed = bundle.manifest["files"]
    for name in sorted(listed.keys() ^ made.keys()):
        yield Problem(name, "", "is missing" if name in made else "is no file that the parts give")
    for name in sorted(listed.keys() & made.keys()):
        path, body = made[name], bundle.file_body(name)
        if path.suffix == ".csv" and path.read_bytes() != body:
            yield Problem(name, "", "is not what the parts give")


def _totals(bundle: Bundle, edition: Edition, names: set[str]) -> Iterator[Problem]:
    manifest = bundle.manifest
    if names != set(manifest["parts"]) - edition_parts.STATED:
        yield Problem("manifest.json", "", "lists parts that its inputs do not give")
    if edition.inputs != manifest["inputs"]:
        yield Problem("manifest.json", "inputs", "is not the digest of the inputs")
    if rubrics.digest(edition.heading.source) != manifest["rubric"]["sha256"]:
        yield Problem("manifest.json", "rubric", "is not the digest of the rubric")
    if manifest["association"] != edition.heading.association:
        yield Problem("manifest.json", "association", "is not that of the ranking")
    if manifest["cycle"] != edition.heading.cycle:
        yield Problem("manifest.json", "cycle", "is not that of the ranking")


def _report(bundle: Bundle) -> Report:
    manifest, entries = bundle.manifest, bundle.part("ranking")["entries"]
    return Report(
        association=manifest["association"]["code"],
        cycle=manifest["cycle"]["slug"],
        number=manifest["number"],
        digest=bundle.digest,
        fingerprint=signature.fingerprint(bundle.key),
        engine=manifest["engine"],
        same_engine=manifest["engine"] == f"rankings {__version__}",
        agencies=len(entries),
        rated=sum(entry["state"] == RATED for entry in entries),
    )
