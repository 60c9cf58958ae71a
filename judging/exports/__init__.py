"""Documents: frozen values → bytes. To add an export, write its function and one line in CATALOGUE."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.exports.facts import Ineligible as Ineligible
from judging.exports.facts import RankingExport as RankingExport
from judging.exports.facts import file_name
from judging.exports.tables import marks_csv, ranking_csv, ranking_json, reviews_csv, spread_csv
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


_ENTRIES = (
    Export("ranking-xlsx", N_("Ranking with live formulas (Excel)"), "{code}-ranking-{stamp}.xlsx", XLSX,
           Permission.EXPORT, ranked_workbook, reports=True),
    Export("ranking-csv", N_("Ranking (CSV)"), "{code}-ranking-{stamp}.csv", CSV, Permission.EXPORT, ranking_csv),
    Export("ranking-json", N_("Ranking (JSON)"), "{code}-ranking-{stamp}.json", JSON, Permission.EXPORT, ranking_json),
    Export("marks-csv", N_("All marks (CSV)"), "{code}-marks-{stamp}.csv", CSV, Permission.EXPORT, marks_csv),
    Export("reviews-csv", N_("All reviews (CSV)"), "{code}-reviews-{stamp}.csv", CSV, Permission.EXPORT, reviews_csv),
    Export("spread-csv", N_("Mean, median and spread (CSV)"), "{code}-spread-{stamp}.csv", CSV, Permission.EXPORT,
           spread_csv),
)  # fmt: skip

CATALOGUE: Mapping[str, Export] = {entry.key: entry for entry in _ENTRIES}
"""Every export by its key, in the order of the menu."""
