"""Agencies scored per second, beside the same weighted means and ranks in a spreadsheet.

    python3 -m rankings test tests/test_settings.py   (makes the environment with its test parts)
    .venv/bin/python -m benchmarks.score [--sizes 100 1000 10000]

Each size runs in a process of its own, so that its peak memory is its own. The spreadsheet holds
the credited values as plain numbers and computes articles, pillars, total and rank by formulas;
LibreOffice recalculates it headless, and its totals are compared with ours.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from benchmarks import tables
from rankings import machine, rehearsal
from rankings.adapters import table
from rankings.scoring.rank import Standing, rank, standing
from rankings.scoring.receipt import receipt
from rankings.scoring.rubric import TOTAL
from rankings.scoring.rules import Indicator
from rankings.scoring.score import Scorecard, Scorer

RUBRIC = Path(__file__).resolve().parent.parent / "fixtures" / "rubrics" / "kh-code-1.0.0"
AS_OF = date(2026, 6, 30)


def lines(scorer: Scorer, agencies: int) -> list[str]:
    """The invented table as CSV text."""
    header, rows = tables.table(scorer.rubric, agencies, seed=1)
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().splitlines(keepends=True)


def ours(agencies: int) -> None:
    """Print the seconds and megabytes of reading, and of scoring with receipts and ranks."""
    scorer = Scorer(rehearsal.load(RUBRIC).rubric)
    given = lines(scorer, agencies)
    gc.disable()  # as `rankings score` does
    start = time.perf_counter()
    units = list(table.units(scorer.rubric, given))
    read = time.perf_counter()
    # Scorecard and receipt are made and let go, as they are when an edition writes them down.
    standings = [one for unit in units if (one := _scored(scorer, unit)) is not None]
    placings = rank(scorer.rubric, standings)
    done = time.perf_counter()
    if not 0 < len(placings) <= agencies:
        raise SystemExit("a receipt or a rank is missing")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{read - start:.3f} {done - read:.3f} {megabytes}")


def _scored(scorer: Scorer, unit: table.Unit) -> Standing | None:
    """The standing of one agency, after its receipt has added up."""
    card = scorer.score(unit.record, AS_OF)
    if card.points is None:
        return None
    found = receipt(scorer, card)
    if found.sums[0] != found.points:
        raise SystemExit(f"the receipt of {card.id} does not add up")
    return standing(scorer.rubric, card)


def workbook(scorer: Scorer, cards: list[Scorecard], file: Path) -> None:
    """Credited values, and formulas for every article, the total and the rank."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Scores")
    sheet.append(["id", *scorer.codes, *(node.id for node in scorer.tree.nodes), "rank"])
    columns = {code: get_column_letter(at + 2) for code, at in scorer.tree.places.items()}
    last = get_column_letter(len(scorer.tree.places) + 1)
    for row, card in enumerate(cards, start=2):
        formulas = [_formula(scorer, node.id, columns, row) for node in scorer.tree.nodes]
        place = f"=RANK({last}{row},${last}$2:${last}${len(cards) + 1})"
        sheet.append([card.id, *_values(card), *formulas, place])
    book.save(file)


def _values(card: Scorecard) -> list[float | None]:
    if card.workings is None:
        return []
    leaves = card.workings.leaves
    return [None if leaf is None else leaf.credited / leaf.unit for leaf in leaves]


def _formula(scorer: Scorer, node: str, columns: dict[str, str], row: int) -> str:
    """A sum that is scaled up for what does not apply; the total is rounded as we round it."""
    children = list(scorer.rubric.children(node))
    first, last = columns[children[0].id], columns[children[-1].id]
    if isinstance(children[0], Indicator):
        cells = f"{first}{row}:{last}{row}"
        return f"=SUMPRODUCT({cells})*{len(children)}/COUNT({cells})"
    total = f"SUM({first}{row}:{last}{row})"
    return f"=ROUND({total},1)" if node == TOTAL else f"={total}"


def spreadsheet(agencies: int) -> tuple[float, float]:
    """Seconds of LibreOffice for the formulas, and for an empty workbook (its start)."""
    scorer = Scorer(rehearsal.load(RUBRIC).rubric)
    units = table.units(scorer.rubric, lines(scorer, agencies))
    cards = [one for unit in units if (one := scorer.score(unit.record, AS_OF)).points is not None]
    with tempfile.TemporaryDirectory() as folder:
        file, empty = Path(folder, "scores.xlsx"), Path(folder, "empty.xlsx")
        workbook(scorer, cards, file)
        Workbook().save(empty)
        convert(empty)
        start = convert(empty)
        seconds = convert(file)
        compare(cards, Path(folder, "out", file.name))
    return seconds, start


def convert(file: Path) -> float:
    """Recalculate a workbook with LibreOffice; the seconds it took."""
    program = machine.office()
    if program is None:
        raise SystemExit("LibreOffice is missing: run python3 -m rankings test once")
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    begin = time.perf_counter()
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "xlsx", "--outdir"]
        + [str(file.parent / "out"), str(file)],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - begin


def compare(cards: list[Scorecard], file: Path) -> None:
    """Refuse to print timings of a spreadsheet that computes something else."""
    rows = (
        load_workbook(file, read_only=True, data_only=True)
        .worksheets[0]
        .iter_rows(min_row=2, values_only=True)
    )
    off = [card.id for card, row in zip(cards, rows, strict=True) if _differs(card, row)]
    if len(off) > len(cards) // 1000:
        raise SystemExit(f"the spreadsheet differs for {len(off)} agencies: {off[:5]}")


def _differs(card: Scorecard, row: tuple[object, ...]) -> bool:
    return card.points is None or abs(float(card.points) - float(str(row[-2]))) > 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        ours(options.one)
        return
    print("agencies  read s  score+receipts s  agencies/s  peak MB  LibreOffice s  (its start)")
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.score", "--one", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        read, scored, megabytes = map(float, done.stdout.split())
        seconds, start = spreadsheet(size)
        print(
            f"{size:8} {read:7.2f} {scored:17.2f} {size / scored:11.0f} {megabytes:8.0f} "
            f"{seconds:14.2f} {start:12.2f}"
        )


if __name__ == "__main__":
    main()
