"""Papers as files: set as PDF and as a Word document, and their text read again when they come back signed."""

from judging.adapters.papers.setting import MEDIA, NotSet, set_paper
from judging.adapters.papers.text import text_of

__all__ = ["MEDIA", "NotSet", "set_paper", "text_of"]
