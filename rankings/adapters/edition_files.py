"""The files of an edition for spreadsheets, from its parts: the same parts, the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.languages import get_official_languages

from rankings.adapters import edition_columns, xlsx
from rankings.adapters.csv_cells import CsvFile, guarded, rows
from rankings.adapters.edition_columns import for_csv, from_csv, header, ranking_row
from rankings.adapters.edition_cover import cover, title
from rankings.adapters.edition_dictionary import dictionary
from rankings.adapters.edition_rubric import bands, rubric
from rankings.adapters.xlsx import Row
from rankings.scoring.rubric import Indicator, Level, Proportion, Rubric
from rankings.scoring.source import Code

WORKBOOK, RANKING, CRITERIA = "ranking.xlsx", "ranking.csv", "criteria.csv"
# Of more agencies the criteria are in the CSV file only: the workbook stays below 1 MB.
MOST_AGENCIES = 500


class Files:
    """The agencies first, one by one and in order of their codes; then the ranking."""

    def __init__(self, code: Code, folder: Path) -> None:
        self._code = code
        self._folder = folder
        self._criteria = Criteria(code.rubric, folder / CRITERIA)

    def agency(self, part: Mapping[str, Any]) -> None:
        """One agency's part; nothing of it is kept in memory."""
        self._criteria.add(part)

    def finish(self, ranking: Mapping[str, Any]) -> dict[str, Path]:
        """The files by name, once every agency has been given."""
        self._criteria.file.flush()
        table = _ranking(self._code.rubric, ranking)
        as_csv = CsvFile(self._folder / RANKING, header(table.columns))
        as_csv.add(for_csv(table.columns, row) for row in table.rows)
        as_csv.flush()
        self._workbook(ranking)
        return {name: self._folder / name for name in (WORKBOOK, RANKING, CRITERIA)}

    def _workbook(self, ranking: Mapping[str, Any]) -> None:
        code = self._code
        tables = [_ranking(code.rubric, ranking)]
        if self._criteria.agencies <= MOST_AGENCIES:
            tables.append(self._criteria.table())
        tables += [rubric(code), bands(code), dictionary(code)]
        about = xlsx.About(
            title=title(ranking),
            subject=f"{code.rubric.code} {code.rubric.version}",
            author=ranking["association"]["name"],
            day=date.fromisoformat(ranking["cycle"]["as_of"]),
            footer=f"{ranking['association']['code']} · {ranking['cycle']['slug']}",
        )
        first = cover(code, ranking, [table.title for table in tables])
        xlsx.write(self._folder / WORKBOOK, about, [first, *tables])


def _ranking(rubric: Rubric, ranking: Mapping[str, Any]) -> xlsx.Table:
    entries, decimals = ranking["entries"], ranking["decimals"]
    languages = get_official_languages(ranking["association"]["country"])
    stars = {band.id: edition_columns.whole(band.stars) for band in rubric.bands}
    return xlsx.Table(
        title="Ranking",
        columns=edition_columns.ranking(decimals, next(iter(languages), "en")),
        rows=(ranking_row(entry, languages, stars, decimals) for entry in entries),
        count=len(entries),
    )


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

    def table(self) -> xlsx.Table:
        """The sheet, read again from the file."""
        lines = (from_csv(self.columns, row) for row in rows(self.file.path))
        return xlsx.Table("Criteria", self.columns, lines, self.lines)


def _found(indicator: Indicator, told: tuple[str, ...]) -> str:
    """What was found: the option, a number, or good answers out of those asked."""
    if isinstance(indicator.rule, Level):
        return told[0] if told else ""
    numbers = [edition_columns.short(Fraction(one)) for one in told]
    if isinstance(indicator.rule, Proportion):
        return "/".join(numbers)
    return numbers[0] if numbers else ""
