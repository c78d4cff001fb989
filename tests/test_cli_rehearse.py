"""`rankings rubric rehearse`, and the warnings of `rankings rubric check`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rankings.cli import commands

HEAD = 'code = "small"\nversion = "1.0.0"\n'
STARS = "".join(
    f'[[bands]]\nid = "{band}"\nat_least = {cut}\n'
    for band, cut in (("6", 90), ("5", 75), ("4", 60), ("3", 0))
)
# Two that weigh as much as each other; the second is the same for everybody.
RUBRIC = (
    f"{HEAD}[total]\nweights_sum = 2\n"
    + "".join(
        f'[[indicators]]\nid = "{code}"\ntype = "points"\nmin = 0\nmax = 100\nweight = 1\n'
        for code in ("x", "y")
    )
    + STARS
)
PATTERN = (("92", 4), ("75", 68), ("60", 30))


def run(command: str, *arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ["rubric", command, *map(str, arguments)])


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    file = tmp_path / "small.toml"
    file.write_text(RUBRIC, "utf-8")
    return file


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The stars of 2018-19: 4, 68 and 30 of 102, and two that have no answers."""
    rows = [points for points, many in PATTERN for _ in range(many)]
    lines = [f"r{at},{points},88" for at, points in enumerate(rows)]
    file = tmp_path / "table.csv"
    file.write_text("\n".join(["id,x,y", *lines, "n1,,", "n2,,"]) + "\n", "utf-8")
    return file


def test_a_rehearsal_tells_bands_warnings_and_what_the_ranking_hangs_on(
    rubric: Path, table: Path
) -> None:
    result = run("rehearse", rubric, table, "--as-of", "2026-03-02")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "102 of 104 rows are rated."
    assert [line.split() for line in lines[1:5]] == [
        ["6", "4", "3.9", "%"],
        ["5", "68", "66.7", "%"],
        ["4", "30", "29.4", "%"],
        ["3", "0", "0.0", "%"],
    ]
    told = "\n".join(lines)
    assert "y: every agency has the same value here" in told
    assert "x: makes 100.0 % of the differences between the totals" in told
    assert "Band 5: 66.7 % of the rated are in it" in told
    assert [line.split() for line in lines if line.startswith("without:")] == [
        ["without:x", "68", "of", "102", "23.84"],
        ["without:y", "102", "of", "102", "0.00"],
    ]
    assert lines[-1].startswith("The ranking hangs on choices")


def test_the_widest_lines_still_fit_a_terminal(rubric: Path, table: Path) -> None:
    long = rubric.with_name("long.toml")
    long.write_text(RUBRIC.replace('"x"', f'"{"x" * 60}"'), "utf-8")
    text = table.read_text("utf-8").replace("id,x", "id," + "x" * 60)
    table.write_text(text, "utf-8")
    result = run("rehearse", long, table)
    rows = [line for line in result.stdout.splitlines() if line.startswith("weight")]
    assert rows
    assert {len(row) for row in rows} == {72}


def test_few_rows_are_too_few_for_warnings(rubric: Path, tmp_path: Path) -> None:
    table = tmp_path / "few.csv"
    table.write_text("id,x,y\na,80,70\nb,60,70\n", "utf-8")
    result = run("rehearse", rubric, table)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "No warnings." in result.stdout
    assert "Fewer than 10 are rated" in result.stdout


def test_a_table_without_rows_and_a_rubric_without_choices_are_told(tmp_path: Path) -> None:
    rubric, table = tmp_path / "one.toml", tmp_path / "none.csv"
    rubric.write_text(
        f'{HEAD}[[indicators]]\nid = "x"\ntype = "points"\nmin = 0\nmax = 100\n{STARS}', "utf-8"
    )
    table.write_text("id,x\n", "utf-8")
    result = run("rehearse", rubric, table)
    assert result.exit_code == 0
    assert result.stdout.startswith("0 of 0 rows are rated.")
    assert result.stdout.endswith("No choice of this rubric can be made otherwise.\n")


def test_wrong_rows_and_rubrics_go_to_standard_error(rubric: Path, table: Path) -> None:
    table.write_text("id,x,y\na,800,1\n", "utf-8")
    result = run("rehearse", rubric, table)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "row 2" in result.stderr
    rubric.write_text(RUBRIC.replace("weights_sum = 2", "weights_sum = 3"), "utf-8")
    result = run("rehearse", rubric, table)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "weights_sum" in result.stderr


def test_the_check_warns_of_a_band_out_of_reach_and_calls_the_rubric_sound(tmp_path: Path) -> None:
    file = tmp_path / "weak.toml"
    file.write_text(
        HEAD
        + "[evidence]\ncredit = { audit = 0.8 }\n"
        + '[[indicators]]\nid = "l"\ntype = "level"\n'
        + 'options = [{ id = "no", points = 0 }, { id = "yes", points = 100 }]\n'
        + STARS,
        "utf-8",
    )
    result = run("check", file)
    assert result.exit_code == 0
    assert "is sound" in result.stdout
    assert result.stderr.splitlines() == [
        "Band 6: no answers reach it, not even with the best proof."
        " Lower its cut or its conditions, or raise the credit of the best proof."
    ]
