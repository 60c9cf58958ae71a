"""The PDF of a document of an office program, made by LibreOffice in a process of its own within bounds."""

from judging.adapters.renditions.making import NoRendition, pdf_of

__all__ = ["NoRendition", "pdf_of"]
