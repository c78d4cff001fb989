"""Verifying: an honest edition passes offline; a lie is found even where its signature is good."""

import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rankings import cli, db, migrating, verifying
from rankings.adapters import signature
from rankings.adapters.bundle import Bundle, Press
from rankings.adapters.edition_files import AGENCIES
from rankings.canonical import canonical, digest
from rankings.errors import Invalid
from rankings.scoring.source import RubricSource, read
from rankings.settings import Settings
from rankings.usecases import editions
from rankings.usecases.edition_parts import STATED
from tests import publication
from tests.usecases import world

KEY = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)

Parts = dict[str, Any]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published edition of the worked example, with a second agency that is not rated."""
    folder = tmp_path_factory.mktemp("honest")
    data, keys, evidence = folder / "data", folder / "keys", folder / "evidence"
    settings = Settings("secret", f"sqlite:///{folder / 'db'}", data, keys, "http://x", evidence)
    signature.make(settings.keys, "alpha", b"a" * 32)
    engine = db.connect(settings.database_url)
    migrating.upgrade(engine)
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.fill(session, cycle)
        more = world.agency(licence_number="L-2", code_signed_on=None)
        world.register(session, cycle, world.agency(), more)
    publication.publish(engine, settings, publication.Order("alpha", "2026"), world.act())
    with db.reading(engine) as session:
        sha256 = editions.digest_of(session, "alpha", "2026", None)
        body = editions.bundle(session, "alpha", sha256)
    engine.dispose()
    file = folder / "edition.zip"
    file.write_bytes(body)
    return file


def pressed_again(
    honest: Path, folder: Path, change: Callable[[Parts], None], **manifest: Any
) -> Path:
    """The edition with something changed, and signed by the association itself."""
    held = Bundle(honest)
    parts: Parts = {name: held.part(name) for name in held.manifest["parts"]}
    change(parts)
    rubric = parts["rubric"]
    work = folder / "work"
    work.mkdir()
    press = Press(work, KEY)
    press.start(read(RubricSource(rubric["document"], rubric["labels"])))
    agencies = sorted(name for name in parts if name.startswith(AGENCIES))
    stated = sorted(STATED & parts.keys())
    for name in (*agencies, "ranking", "rubric", "fee-caps", *stated):
        press.add(name, parts[name])
    file = folder / "lie.zip"
    file.write_bytes(press.seal({**held.manifest, **press.finish(), **manifest}))
    return file


def test_an_honest_edition_passes_with_and_without_the_key(honest: Path) -> None:
    for key in (None, KEY.public_key()):
        report = verifying.verify(honest, key)
        assert (report.association, report.cycle, report.number) == ("alpha", "2026", 1)
        assert (report.agencies, report.rated, report.same_engine) == (2, 1, True)
        assert report.fingerprint == signature.fingerprint(KEY.public_key())


def test_pressing_it_again_unchanged_passes_too(honest: Path, tmp_path: Path) -> None:
    again = pressed_again(honest, tmp_path, lambda parts: None)
    assert again.read_bytes() == honest.read_bytes()
    verifying.verify(again, KEY.public_key())


def test_every_byte_of_manifest_and_signature_is_guarded(honest: Path, tmp_path: Path) -> None:
    """In the file itself they are compressed: every byte of that stretch is changed in turn."""
    whole = honest.read_bytes()
    with zipfile.ZipFile(honest) as archive:
        start = archive.getinfo("manifest.json").header_offset
    file = tmp_path / "changed.zip"
    for at in range(start, len(whole)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(Invalid):
            verifying.verify(file, KEY.public_key())


def test_a_thousand_random_bytes_are_guarded(honest: Path, tmp_path: Path) -> None:
    whole, chance, file = honest.read_bytes(), random.Random(3), tmp_path / "changed.zip"
    for _ in range(1000):
        at, flip = chance.randrange(len(whole)), 1 << chance.randrange(8)
        file.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
        with pytest.raises(Invalid):
            verifying.verify(file, KEY.public_key())


def rated(parts: Parts) -> dict[str, Any]:
    found: dict[str, Any] = parts[f"{AGENCIES}{world.CODE}"]
    return found


def entry(parts: Parts) -> dict[str, Any]:
    found: dict[str, Any] = parts["ranking"]["entries"][0]
    return found


def card(parts: Parts) -> dict[str, Any]:
    found: dict[str, Any] = parts["report-card"]
    return found


def _better_answer(parts: Parts) -> None:
    rated(parts)["inputs"]["answers"]["i1"][0]["value"] = "4"


def _fewer_complaints(parts: Parts) -> None:
    rated(parts)["inputs"]["events"]["c1"]["counts"].pop()


def _better_rubric(parts: Parts) -> None:
    document = parts["rubric"]["document"]
    parts["rubric"]["document"] = document.replace("at_least = 70", "at_least = 50", 1)


LIES: dict[str, tuple[Callable[[Parts], None], str]] = {
    "a better score": (lambda parts: entry(parts).update(score=900), "ranking"),
    "a better band": (lambda parts: entry(parts).update(band="5"), "ranking"),
    "a better place": (lambda parts: entry(parts).update(rank=2), "ranking"),
    "a better answer": (_better_answer, world.CODE),
    "fewer complaints": (_fewer_complaints, world.CODE),
    "another receipt": (
        lambda parts: rated(parts)["receipt"]["lines"][0].update(earned=999),
        world.CODE,
    ),
    "another rubric": (_better_rubric, ""),
    "an agency left out": (lambda parts: parts.pop("agencies/VN-00020"), "ranking"),
    "another name in the list": (
        lambda parts: entry(parts)["names"].update(vi="Khác"),
        "ranking",
    ),
    "a valid licence in the list": (
        lambda parts: entry(parts)["licence"].update(state="suspended"),
        "ranking",
    ),
    "a better card": (lambda parts: card(parts)["coverage"].update(rated=2), "report-card"),
    "more audits": (lambda parts: card(parts)["checked"].update(audited=999), "report-card"),
    "quicker decisions": (
        lambda parts: card(parts)["complaints"].update(median_days="1"),
        "report-card",
    ),
    "a later day": (lambda parts: parts["ranking"]["cycle"].update(as_of="2027-06-30"), ""),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_signed_lie_is_found_and_named(honest: Path, tmp_path: Path, lie: str) -> None:
    change, named = LIES[lie]
    file = pressed_again(honest, tmp_path, change)
    Bundle(file, KEY.public_key())
    with pytest.raises(Invalid) as refused:
        verifying.verify(file, KEY.public_key())
    assert named in str(refused.value)


@pytest.mark.parametrize("what", ["inputs", "rubric", "association", "cycle"])
def test_a_manifest_that_says_something_else_is_found(
    honest: Path, tmp_path: Path, what: str
) -> None:
    changed = {"inputs": "0" * 64, "rubric": {"sha256": "0" * 64}}.get(what, {"code": "beta"})
    file = pressed_again(honest, tmp_path, lambda parts: None, **{what: changed})
    with pytest.raises(Invalid, match=rf"manifest\.json: '{what}'"):
        verifying.verify(file, KEY.public_key())


def test_tables_that_say_something_else_than_the_parts_are_found(
    honest: Path, tmp_path: Path
) -> None:
    press = _with_other_table(honest, tmp_path)
    with pytest.raises(Invalid, match=r"ranking\.csv"):
        verifying.verify(press, KEY.public_key())


def _with_other_table(honest: Path, folder: Path) -> Path:
    held = Bundle(honest)
    work = folder / "other"
    work.mkdir()
    press = Press(work, KEY)
    for name in held.manifest["parts"]:
        press.add(name, held.part(name))
    contents = press.finish()
    for name in held.manifest["files"]:
        body = held.file_body(name) + (b"more" if name == "ranking.csv" else b"")
        press._put("files", name, f"files/{name}", body)
    file = folder / "table.zip"
    file.write_bytes(press.seal({**held.manifest, **contents}))
    return file


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: rated(parts).pop("inputs"),
        lambda parts: rated(parts).update(inputs=[]),
        lambda parts: rated(parts)["inputs"].update(answers={"i9": []}),
        lambda parts: rated(parts)["inputs"].update(answers={"i1": [{"value": "x"}]}),
        lambda parts: rated(parts)["inputs"].update(events={"c1": {"counts": 1}}),
        lambda parts: rated(parts)["inputs"].update(facts={"months_licensed": "many"}),
        lambda parts: rated(parts).pop("code"),
        lambda parts: parts["rubric"].update(labels={"xx": ""}),
    ],
)
def test_parts_of_nonsense_are_refused_in_words(
    honest: Path, tmp_path: Path, change: Callable[[Parts], None]
) -> None:
    held = Bundle(honest)
    parts: Parts = {name: held.part(name) for name in held.manifest["parts"]}
    change(parts)
    press = Press(tmp_path, KEY)
    for name, part in parts.items():
        press.add(name, part)
    file = tmp_path / "nonsense.zip"
    file.write_bytes(press.seal({**held.manifest, **press.finish()}))
    with pytest.raises(Invalid):
        verifying.verify(file, KEY.public_key())


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: card(parts).pop("complaints"),
        lambda parts: card(parts).update(editions=[{"days_late": 0}]),
        lambda parts: card(parts)["appeals"].update(days=["soon"]),
    ],
)
def test_a_card_of_nonsense_is_refused_in_words(
    honest: Path, tmp_path: Path, change: Callable[[Parts], None]
) -> None:
    file = pressed_again(honest, tmp_path, change)
    with pytest.raises(Invalid):
        verifying.verify(file, KEY.public_key())


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli.commands, ["verify", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_says_what_it_found(honest: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(signature.public_pem(KEY.public_key()))
    status, said, _ = run(honest, "--key", key)
    assert status == 0
    assert "alpha, cycle 2026, edition 1" in said
    assert "2 agencies made anew from their inputs, all the same" in said
    assert signature.fingerprint(KEY.public_key()) in said
    assert "compare it" not in said
    assert "compare it with what the association prints" in run(honest)[1]


def test_machines_read_json(honest: Path) -> None:
    status, said, _ = run(honest, "--json")
    found = json.loads(said)
    assert (status, found["rated"], found["key_was_given"]) == (0, 1, False)


def test_the_command_refuses_with_one_sentence_and_status_2(honest: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(signature.public_pem(OTHER.public_key()))
    changed = tmp_path / "changed.zip"
    shutil.copy(honest, changed)
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    for arguments in ([honest, "--key", other], [changed], [other]):
        status, said, refused = run(*arguments)
        assert (status, said) == (2, "")
        assert len(refused.strip().splitlines()) == 1


def test_the_digest_in_the_report_is_the_manifests(honest: Path) -> None:
    held = Bundle(honest)
    assert verifying.verify(honest, None).digest == digest(canonical(held.manifest))
