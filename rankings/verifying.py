"""Checking an edition offline: its signature, and every score from the public inputs in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rankings import __version__
from rankings.adapters import signature
from rankings.adapters.bundle import Bundle
from rankings.adapters.edition_files import Files
from rankings.canonical import canonical
from rankings.errors import Invalid, Problem
from rankings.scoring.source import Code, RubricSource, read
from rankings.usecases import edition_parts, record_values, rubrics
from rankings.usecases.edition_parts import Edition, Heading, Listed

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

    def values(self) -> dict[str, Any]:
        """For machines."""
        return {name: getattr(self, name) for name in self.__slots__}


def verify(
    file: Path, key: Ed25519PublicKey | None, checked: Callable[[int], None] = lambda n: None
) -> Report:
    """The report of a bundle; Invalid with every problem where it is not what it should be."""
    bundle = Bundle(file, key)
    try:
        return _verify(bundle, checked)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # Signed, but by somebody who writes something else than editions.
        problem = Problem(file.name, "", f"holds parts that are none of an edition: {error!r}")
        raise Invalid([problem]) from error
    finally:
        bundle.close()


def _verify(bundle: Bundle, checked: Callable[[int], None]) -> Report:
    heading, code = _heading(bundle)
    edition = Edition(heading, code)
    problems: list[Problem] = []
    names: set[str] = set()
    with TemporaryDirectory() as folder:
        files = Files(code, Path(folder))
        for name, part in edition.parts(_listed(bundle, code)):
            names.add(name)
            checked(len(names))
            if canonical(part) != bundle.part_body(name):
                problems.append(Problem(name, "", "is not what its inputs give"))
            if name.startswith(edition_parts.AGENCIES):
                files.agency(part)
            elif name == edition_parts.RANKING:
                problems += _differing(bundle, files.finish(part))
    problems += _totals(bundle, edition, names)
    if problems:
        raise Invalid(problems[:MAX_PROBLEMS])
    return _report(bundle)


def _heading(bundle: Bundle) -> tuple[Heading, Code]:
    ranking, rubric = bundle.part("ranking"), bundle.part("rubric")
    source = RubricSource(rubric["document"], rubric["labels"])
    caps = bundle.part("fee-caps")["caps"]
    return Heading(ranking["association"], ranking["cycle"], source, caps), read(source)


def _listed(bundle: Bundle, code: Code) -> Iterator[Listed]:
    for name in sorted(bundle.manifest["parts"]):
        if name.startswith(edition_parts.AGENCIES):
            part = bundle.part(name)
            inputs = part.pop("inputs")
            part.pop("receipt")
            yield Listed(part, record_values.record(code.rubric, part["code"], inputs))


def _differing(bundle: Bundle, made: Mapping[str, Path]) -> Iterator[Problem]:
    """Tables that are not what the parts give; workbooks differ with the library that packed."""
    for name, path in made.items():
        if path.suffix == ".csv" and path.read_bytes() != bundle.file_body(name):
            yield Problem(name, "", "is not what the parts give")
        elif path.suffix != ".csv":
            bundle.file_body(name)


def _totals(bundle: Bundle, edition: Edition, names: set[str]) -> Iterator[Problem]:
    manifest = bundle.manifest
    if names != set(manifest["parts"]):
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
        rated=sum(entry["rank"] is not None for entry in entries),
    )
