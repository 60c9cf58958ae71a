"""Papers of an application as blocks: what stands on each, in Russian; ``adapters/papers`` sets them as files.

Three are made to be signed (the application, the consents, the agreement of the participants); two tell of a submission
(the application as it was submitted, and the receipt), made from the document that was stored with it.
"""

from collections.abc import Mapping
from typing import Any

from judging.domain.forms.form import PaperKind
from judging.domain.papers import Paper
from judging.exports.papers.agreement import agreement_sheet
from judging.exports.papers.application import application_sheet
from judging.exports.papers.consent import consent_sheet
from judging.exports.papers.source import Source
from judging.exports.papers.submitted import receipt_sheet, submitted_sheet

__all__ = ["Source", "receipt_sheet", "sheet_of", "submitted_sheet"]

_SHEETS = {
    PaperKind.APPLICATION: application_sheet,
    PaperKind.CONSENT: consent_sheet,
    PaperKind.AGREEMENT: agreement_sheet,
}


def sheet_of(paper: Paper, source: Source) -> Mapping[str, Any]:
    """Return a paper to be signed as blocks."""
    return _SHEETS[paper.kind](paper, source)
