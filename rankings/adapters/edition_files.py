"""The files of an edition for spreadsheets, from its parts: the same parts, the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.languages import get_official_languages

from rankings.adapters import edition_columns, edition_dictionary, xlsx
from rankings.adapters.csv_cells import CsvFile, guarded, rows
from rankings.adapters.edition_columns import for_csv, from_csv, header, range_cells, ranking_row
from rankings.adapters.edition_complaints import Indicators, complaints
from rankings.adapters.edition_cover import cover, title
from rankings.adapters.edition_rubric import bands, rubric
from rankings.adapters.xlsx import Row
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Proportion
from rankings.scoring.source import Code

WORKBOOK, RANKING, CRITERIA = "ranking.xlsx", "ranking.csv", "criteria.csv"
COMPLAINTS = "complaints.csv"
# The parts that the files are made from.
AGENCIES, OF_ALL, RUN_REPORT = "agencies/", "ranking", "run-report"
# Of more agencies the criteria are in the CSV file only: the workbook stays below 1 MB.
MOST_AGENCIES = 500


class Files:
    """Takes every part of an edition as it comes, agencies in order of their codes."""

    def __init__(self, code: Code, folder: Path) -> None:
        self._code = code
        self._folder = folder
        self._criteria = Criteria(code.rubric, folder / CRITERIA)
        self._ranking: Mapping[str, Any] = {}
        self._complaints: Indicators = ()

    def add(self, name: str, part: Mapping[str, Any]) -> None:
        """One part by its name; nothing of an agency's is kept in memory."""
        if name.startswith(AGENCIES):
            self._criteria.add(part)
        elif name == OF_ALL:
            self._ranking = part
        elif name == RUN_REPORT:
            self._complaints = part["complaints"]

    def finish(self) -> dict[str, Path]:
        """The files by name, once every part has been given."""
        self._criteria.file.flush()
        self._csv(RANKING, _ranking(self._code.rubric, self._ranking))
        names = [WORKBOOK, RANKING, CRITERIA]
        if self._complaints:
            self._csv(COMPLAINTS, complaints(self._complaints))
            names.append(COMPLAINTS)
        self._workbook(self._ranking)
        return {name: self._folder / name for name in names}

    def _csv(self, name: str, table: xlsx.Table) -> None:
        file = CsvFile(self._folder / name, header(table.columns))
        file.add(for_csv(table.columns, row) for row in table.rows)
        file.flush()

    def _workbook(self, ranking: Mapping[str, Any]) -> None:
        code = self._code
        tables = [_ranking(code.rubric, ranking)]
        if self._criteria.agencies <= MOST_AGENCIES:
            # Where there are ranges too, the whole would reach 1 MB otherwise.
            tables.append(self._criteria.table(numbered="ranges" not in ranking))
        if self._complaints:
            tables.append(complaints(self._complaints))
        tables += [rubric(code), bands(code), self._dictionary()]
        about = xlsx.About(
            title=title(ranking),
            subject=f"{code.rubric.code} {code.rubric.version}",
            author=ranking["association"]["name"],
            day=date.fromisoformat(ranking["cycle"]["as_of"]),
            footer=f"{ranking['association']['code']} · {ranking['cycle']['slug']}",
        )
        first = cover(code, ranking, [table.title for table in tables])
        xlsx.write(self._folder / WORKBOOK, about, [first, *tables])

    def _dictionary(self) -> xlsx.Table:
        decimals, with_ranges = self._code.rubric.scale.decimals, "ranges" in self._ranking
        columns = edition_dictionary.tables(decimals, with_ranges, bool(self._complaints))
        return edition_dictionary.dictionary(self._code, columns)


def _ranking(rubric: Rubric, ranking: Mapping[str, Any]) -> xlsx.Table:
    entries, decimals = ranking["entries"], ranking["decimals"]
    languages = get_official_languages(ranking["association"]["country"])
    stars = {band.id: edition_columns.whole(band.stars) for band in rubric.bands}
    columns = edition_columns.ranking(decimals, next(iter(languages), "en"))
    rows = (ranking_row(entry, languages, stars, decimals) for entry in entries)
    if "ranges" in ranking:
        columns += edition_columns.ranges(decimals)
        sure = (range_cells(one, ranking["ranges"]["draws"], decimals) for one in entries)
        rows = ((*row, *more) for row, more in zip(rows, sure, strict=True))
    return xlsx.Table(title="Ranking", columns=columns, rows=rows, count=len(entries))


class Criteria:
    """The long table: a row per rated agency and indicator, kept in its CSV file only."""

    def __init__(self, rubric: Rubric, path: Path) -> None:
        self.columns = edition_columns.criteria(rubric.scale.decimals)
        self.file = CsvFile(path, header(self.columns))
        self.agencies = self.lines = 0
        self._decimals = rubric.scale.decimals
        self._indicators = {one.id: one for one in rubric.indicators}
        self._full = rubric.scale.max
        # Few distinct ones among hundreds of thousands of lines.
        self._start = lru_cache(maxsize=8192)(self._start_of)

    def add(self, part: Mapping[str, Any]) -> None:
        """One agency's lines; none where it is not rated."""
        self.agencies += 1
        lines = part["receipt"]["lines"] if part["receipt"] else []
        self.lines += len(lines)
        self.file.add(self._rows(guarded(part["code"]), lines))

    def _rows(self, code: str, lines: list[Mapping[str, Any]]) -> Iterator[Row]:
        units, places, start = edition_columns.units, self._decimals, self._start
        for line in lines:
            yield (
                code,
                *start(line["indicator"], line["basis"], tuple(line["told"]), line["share"]),
                units(line["earned"], places),
                units(line["lost_performance"], places),
                units(line["lost_unchecked"], places),
            )

    def _start_of(
        self, indicator: str, basis: str, told: tuple[str, ...], share: str
    ) -> tuple[str, ...]:
        one = self._indicators[indicator]
        weight = "" if one.max is None else self._percent(Fraction(share) * one.max)
        found = guarded(_found(one, told))
        return guarded(indicator), guarded(one.parent), guarded(basis), found, weight

    def _percent(self, points: Fraction) -> str:
        return edition_columns.fixed(100 * points / self._full, edition_columns.SHARE_DECIMALS)

    def table(self, numbered: bool) -> xlsx.Table:
        """The sheet, read again from the file."""
        lines = (from_csv(self.columns, row) for row in rows(self.file.path))
        return xlsx.Table("Criteria", self.columns, lines, self.lines, numbered)


def _found(indicator: Indicator, told: tuple[str, ...]) -> str:
    """What was found: the option, a number, or good answers out of those asked."""
    if isinstance(indicator.rule, Level):
        return told[0] if told else ""
    numbers = [edition_columns.short(Fraction(one)) for one in told]
    if isinstance(indicator.rule, Proportion):
        return "/".join(numbers)
    return numbers[0] if numbers else ""
