"""Every broken rubric is refused with a sentence of its own, and nothing else ever happens."""

import time
from collections import Counter
from pathlib import Path

import pytest

from rankings.adapters import rubric_files
from rankings.scoring.reading import RubricError
from rankings.scoring.source import Code, RubricSource, read
from tests.scoring.broken_meaning import MEANINGS
from tests.scoring.broken_rubrics import SHAPES, Broken
from tests.scoring.broken_words import WORDS
from tests.scoring.rubric_base import BASE, ENGLISH, TEXTS

BROKEN = [*SHAPES, *MEANINGS, *WORDS]
# A type of the program, or one of its values, in a sentence for people.
INSIDES = ("Decimal(", "Fraction(", "datetime.", "True", "False", "sys.", "{'", "None")


def source(texts: dict[str, str]) -> RubricSource:
    labels = {
        name.removeprefix("labels.").removesuffix(".toml"): text
        for name, text in texts.items()
        if name.startswith("labels.")
    }
    return RubricSource(texts["rubric.toml"], labels)


def test_the_sound_base_parses_in_both_languages() -> None:
    code = read(source(TEXTS))
    assert [*code.labels] == ["en", "vi"]
    assert {one.type for one in code.rubric.indicators} == {
        "level", "numeric", "proportion", "rate", "points",
    }  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_rubric_is_refused_at_once_with_its_own_sentence(broken: Broken) -> None:
    texts = source(broken.texts())
    started = time.perf_counter()
    with pytest.raises(RubricError) as refusal:
        read(texts)
    assert time.perf_counter() - started < 1
    named = [
        one for one in refusal.value.problems if (one.file, one.key) == (broken.file, broken.key)
    ]
    assert any(broken.says in one.sentence for one in named), str(refusal.value)
    assert not any(inside in one.sentence for one in named for inside in INSIDES)
    assert max(len(str(one)) for one in named) < 500


def test_no_two_broken_rubrics_expect_the_same() -> None:
    for expected in (
        Counter(broken.name for broken in BROKEN),
        Counter((broken.file, broken.key, broken.says) for broken in BROKEN),
    ):
        assert [what for what, times in expected.items() if times > 1] == []


def test_all_problems_of_meaning_are_named_at_once() -> None:
    document = BASE
    for old, new in (
        ("p0 = 0.70", "p0 = 7"),
        ("worst = 30", "worst = 1"),
        ("at_least = 55", "at_least = 85"),
        ('["illegal_fee"]\nmonths', '["fee"]\nmonths'),
        ('{ of = "voice", order', '{ of = "votes", order'),
    ):
        document = document.replace(old, new)
    assert refused(document) == [
        "indicators[copy-days].best",
        "indicators[heard].p0",
        "bands[fair].at_least",
        "caps[K2].findings",
        "rank.tie_break",
    ]


def test_all_problems_of_shape_are_named_at_once() -> None:
    document = BASE.replace("z = 1.6449", "z = true").replace("k = 0.3", "k = nan")
    document = document.replace('ties = "dense"', 'ties = "none"').replace("[missing]", "[mising]")
    assert refused(document) == [
        "evidence.overclaim.z",
        "indicators[rate].k",
        "rank.ties",
        "mising",
    ]


def test_problems_of_all_label_files_are_named_at_once() -> None:
    texts = {**TEXTS, "labels.en.toml": ENGLISH.replace("Code", "<b>", 1), "labels.vi.toml": ""}
    with pytest.raises(RubricError) as refusal:
        read(source({**texts, "labels.km.toml": "", "labels.ja.toml": ""}))
    files = [*dict.fromkeys(problem.file for problem in refusal.value.problems)]
    assert files == ["labels.en.toml", "labels.vi.toml", "labels.ja.toml", "labels.km.toml"]


def refused(document: str) -> list[str]:
    """The keys that are named."""
    with pytest.raises(RubricError) as refusal:
        read(RubricSource(document))
    return [problem.key for problem in refusal.value.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def on_disk(path: Path) -> Code:
    return read(rubric_files.source(path))


def test_a_folder_and_its_rubric_file_are_the_same(folder: Path) -> None:
    assert on_disk(folder) == on_disk(folder / "rubric.toml")


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(folder: Path) -> None:
    sound = rubric_files.source(folder)
    for name, text in TEXTS.items():
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert rubric_files.source(folder) == sound


def test_labels_beside_a_file_of_another_name_do_not_disturb_it(folder: Path) -> None:
    (folder / "labels.vi.toml").write_bytes(b"\xff")
    single = folder / "mine.toml"
    single.write_text(BASE.replace('["en", "vi"]', "[]"), "utf-8")
    assert on_disk(single).labels == {}


@pytest.mark.parametrize("name", ["rubric.toml", "labels.vi.toml"])
def test_a_file_that_is_not_utf_8_is_refused_at_its_first_bad_byte(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b'code = "\xe9"')
    assert unreadable(folder) == f"{name}: (file): is not UTF-8 at byte 8"


def test_a_file_that_is_too_large_is_refused(folder: Path) -> None:
    (folder / "labels.en.toml").write_bytes(b"#" * 8_000_001)
    assert unreadable(folder) == "labels.en.toml: (file): is larger than 8000000 bytes"


def test_a_file_without_end_is_refused() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no file without end")
    assert unreadable(Path("/dev/zero")) == "zero: (file): is larger than 8000000 bytes"


@pytest.mark.parametrize("missing", ["nowhere", "rubric.toml/nowhere", "nowhere.toml"])
def test_a_missing_file_is_refused(folder: Path, missing: str) -> None:
    assert "cannot be read" in unreadable(folder / missing)


def test_a_folder_without_rubric_is_refused(folder: Path) -> None:
    (folder / "rubric.toml").unlink()
    assert unreadable(folder).endswith(
        "rubric.toml: (file): cannot be read: No such file or directory"
    )


def test_a_folder_in_place_of_a_label_file_is_refused(folder: Path) -> None:
    (folder / "labels.vi.toml").unlink()
    (folder / "labels.vi.toml").mkdir()
    assert "labels.vi.toml: (file): cannot be read: Is a directory" in unreadable(folder)


def unreadable(path: Path) -> str:
    with pytest.raises(RubricError) as refusal:
        on_disk(path)
    return str(refusal.value)
