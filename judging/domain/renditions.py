"""Documents that are read as their PDF: which, and under what name the PDF is kept."""

_OFFICE = "application/vnd.openxmlformats-officedocument."
EXTENSIONS = {
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
}
"""How the file is named for the program that makes the PDF, by its media type."""
RENDERED = frozenset(EXTENSIONS)
"""Media types of which a PDF is made."""


def rendition_name(sha256: str) -> str:
    """The name of the PDF of a document among what is prepared, by the hash of the document's bytes."""
    return f"rendition-{sha256}.pdf"
