"""Which documents can be read beside the sheet as their PDF: those of an office program, where one is set up."""

from flask import current_app

from judging.domain.renditions import RENDERED


def shown_as_pdf() -> frozenset[str]:
    """The media types of which a PDF is made in this installation."""
    return RENDERED if current_app.config["JUDGING"].office is not None else frozenset()
