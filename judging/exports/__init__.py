"""Documents: frozen values → bytes. To add an export, write its function and one line in CATALOGUE.

The library of plain tables is loaded when one is written: a server that starts needs none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.domain.record import ContestRecord
from judging.exports.facts import Ineligible as Ineligible
from judging.exports.facts import RankingExport as RankingExport
from judging.exports.facts import file_name, marked, moscow
from judging.exports.tables import (
    Table,
    csv_parts,
    marks_table,
    ranking_json,
    ranking_table,
    reviews_table,
    spread_table,
)
from judging.exports.workbook import ranked_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True)
class Export:
    """One entry of the downloads menu.

    ``file_name`` is a pattern with the fields ``code`` (of the contest) and ``stamp`` (Moscow time of the export).
    ``write`` returns the whole file or yields its parts; ``reports``: it tells how firm the places are, where
    ``RankingExport.firmness`` is given.
    """

    key: str
    label: str
    file_name: str
    media_type: str
    permission: Permission
    write: Callable[[RankingExport], bytes | Iterator[bytes]]
    reports: bool = False

    @property
    def for_programs(self) -> bool:
        """Whether a program is to read it and not a person."""
        return self.media_type != XLSX

    def named(self, export: RankingExport) -> str:
        """Return the file's name."""
        return file_name(self.file_name, export.record.contest.code, export.made_at)

    def parts(self, export: RankingExport) -> Iterator[bytes]:
        """Yield the file in parts, whichever way it is written."""
        content = self.write(export)
        if isinstance(content, bytes):
            yield content
        else:
            yield from content


def _csv(key: str, label: str, table: Callable[[RankingExport], Table]) -> Export:
    """A flat table for programs."""
    pattern = f"{{code}}-{key}-{{stamp}}.csv"
    return Export(f"{key}-csv", label, pattern, CSV, Permission.EXPORT, lambda export: csv_parts(table(export)))


def _sheet(key: str, label: str, table: Callable[[RankingExport], Table]) -> Export:
    """The same table for people."""

    def write(export: RankingExport) -> bytes:
        from judging.exports.sheets import sheet_of

        code = export.record.contest.code
        return sheet_of(table(export), marked(code, f"{code}: {key}"), moscow(export.made_at), export.made_by)

    return Export(f"{key}-table", label, f"{{code}}-{key}-table-{{stamp}}.xlsx", XLSX, Permission.EXPORT, write)


_ENTRIES = (
    Export("ranking-xlsx", N_("Ranking with live formulas (Excel)"), "{code}-ranking-{stamp}.xlsx", XLSX,
           Permission.EXPORT, ranked_workbook, reports=True),
    _sheet("ranking", N_("Ranking as a plain table (Excel)"), ranking_table),
    _sheet("marks", N_("All marks (Excel)"), marks_table),
    _sheet("reviews", N_("All reviews (Excel)"), reviews_table),
    _sheet("spread", N_("Mean, median and spread (Excel)"), spread_table),
    _csv("ranking", N_("Ranking (CSV)"), ranking_table),
    _csv("marks", N_("All marks (CSV)"), marks_table),
    _csv("reviews", N_("All reviews (CSV)"), reviews_table),
    _csv("spread", N_("Mean, median and spread (CSV)"), spread_table),
    Export("ranking-json", N_("Ranking (JSON)"), "{code}-ranking-{stamp}.json", JSON, Permission.EXPORT, ranking_json),
)  # fmt: skip

LARGE = 4_000
"""So many applications and reviews together are written while a request waits; more are a job."""


def is_large(record: ContestRecord) -> bool:
    """Whether the files of this contest are prepared beside the requests."""
    return len(record.applications) + len(record.reviews) > LARGE


CATALOGUE: Mapping[str, Export] = {entry.key: entry for entry in _ENTRIES}
"""Every export by its key, in the order of the menu."""
